package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.Elapsed.assertStillWorks;
import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The pass over the ready keys: each as it stands when its turn comes. */
class HandlerPassTest {

  /**
   * Three descriptors of one readable and writable kind, whose order in the pass is the kernel's.
   */
  private static final class Three implements AutoCloseable {
    final List<SelectorKey> handed = new ArrayList<>();
    private final int[] sockets = new int[2];
    private final Duplicates duplicates;

    Three(BaseSelector selector, int events) throws IOException {
      TestLibrary.check(TestLibrary.socketpair(sockets));
      TestLibrary.write(sockets[1], (byte) 1);
      duplicates = Duplicates.of(sockets[0], 3);
      for (int fd : duplicates.fds()) {
        selector.register(fd, events);
      }
    }

    /** Those that have not been handed out yet. */
    List<Integer> waiting() {
      List<Integer> waiting = new ArrayList<>(duplicates.fds());
      handed.forEach(key -> waiting.remove((Object) key.fd()));
      return waiting;
    }

    @Override
    public void close() {
      duplicates.close();
      TestLibrary.check(TestLibrary.close(sockets[0]));
      TestLibrary.check(TestLibrary.close(sockets[1]));
    }
  }

  @EveryMechanism
  void everyReadyKeyIsHandedOutOnceAndCounted(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        Three three = new Three(selector, EVENT_READ | EVENT_WRITE)) {
      int count =
          selector.select(
              null,
              (key, events) -> {
                assertSame(selector.getKey(key.fd()), key);
                assertEquals(EVENT_READ | EVENT_WRITE, events, "both sides merged into one call");
                three.handed.add(key);
              });
      assertEquals(3, count);
      assertEquals(List.of(), three.waiting());
      assertEquals(3, selector.selectNow((key, events) -> {}));
      assertEquals(3, selector.select(null, (key, events) -> {}));
    }
  }

  @EveryMechanism
  void anUnregisteredKeyIsSkipped(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        Three three = new Three(selector, EVENT_READ)) {
      int count =
          selector.selectNow(
              (key, events) -> {
                three.handed.add(key);
                three.waiting().forEach(selector::unregister);
              });
      assertEquals(1, count);
      assertEquals(1, three.handed.size());
      assertEquals(1, selector.selectNow().size());
    }
  }

  @EveryMechanism
  void aKeyMayUnregisterItself(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        Three three = new Three(selector, EVENT_READ)) {
      int count =
          selector.selectNow((key, events) -> three.handed.add(selector.unregister(key.fileobj())));
      assertEquals(3, count);
      assertEquals(List.of(), three.waiting());
      assertTrue(selector.getMap().isEmpty());
    }
  }

  @EveryMechanism
  void modifyMasksAnew(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        Three three = new Three(selector, EVENT_READ | EVENT_WRITE)) {
      int count =
          selector.selectNow(
              (key, events) -> {
                assertEquals(three.handed.isEmpty() ? 3 : EVENT_WRITE, events);
                three.handed.add(key);
                for (int fd : three.waiting()) {
                  selector.modify(fd, EVENT_WRITE, "anew");
                }
              });
      assertEquals(3, count);
      assertEquals("anew", three.handed.get(1).data(), "the key as it stands");
    }
  }

  /** In a wait that comes after others, too: a set may know by then which keys are ready. */
  @EveryMechanism
  void aKeyIsHandedOutAsItStands(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        Three three = new Three(selector, EVENT_READ)) {
      for (int round = 0; round < 5; round++) {
        three.handed.clear();
        String anew = "anew " + round;
        int count =
            selector.selectNow(
                (key, events) -> {
                  three.handed.add(key);
                  for (int fd : three.waiting()) {
                    selector.modify(fd, EVENT_READ, anew);
                  }
                });
        assertEquals(3, count);
        assertSame(selector.getKey(three.handed.get(1).fd()), three.handed.get(1));
        assertEquals(anew, three.handed.get(1).data());
      }
    }
  }

  @EveryMechanism
  void aKeyWithNothingLeftIsNeitherHandedOutNorCounted(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe first = TestPipe.readable();
        TestPipe second = TestPipe.readable()) {
      selector.register(first.source, EVENT_READ, second);
      selector.register(second.source, EVENT_READ, first);
      int count =
          selector.selectNow(
              (key, events) ->
                  selector.modify(((TestPipe) key.data()).source, EVENT_WRITE, key.data()));
      assertEquals(1, count);
    }
  }

  /** What became ready for a new interest was not asked for: it waits for the next select. */
  @EveryMechanism
  void modifyAddsNothingToThePass(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        Three three = new Three(selector, EVENT_READ)) {
      selector.selectNow(
          (key, events) -> {
            assertEquals(EVENT_READ, events);
            three.handed.add(key);
            for (int fd : three.waiting()) {
              selector.modify(fd, EVENT_READ | EVENT_WRITE);
            }
          });
      Set<Integer> next = new HashSet<>();
      selector.selectNow((key, events) -> next.add(events));
      assertEquals(Set.of(EVENT_READ, EVENT_READ | EVENT_WRITE), next);
    }
  }

  @EveryMechanism
  void whatIsRegisteredDuringThePassWaits(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        Three three = new Three(selector, EVENT_READ);
        TestPipe fresh = TestPipe.readable()) {
      assertEquals(
          3,
          selector.selectNow(
              (key, events) -> {
                three.handed.add(key);
                if (three.handed.size() == 1) {
                  selector.register(fresh.source, EVENT_READ);
                }
              }));
      assertEquals(4, selector.selectNow().size());
    }
  }

  @EveryMechanism
  void whatIsRegisteredAnewUnderTheSameNumberWaitsToo(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        Three three = new Three(selector, EVENT_READ)) {
      int count =
          selector.selectNow(
              (key, events) -> {
                three.handed.add(key);
                for (int fd : three.waiting()) {
                  selector.unregister(fd);
                  selector.register(fd, EVENT_READ, "anew");
                }
              });
      assertEquals(1, count);
      assertEquals(1, three.handed.size());
      List<ReadyKey> next = selector.selectNow();
      assertEquals(3, next.size());
      assertEquals(2, next.stream().filter(ready -> "anew".equals(ready.key().data())).count());
    }
  }

  @EveryMechanism
  void whatTheHandlerThrowsPassesThroughAndTheRestStaysReady(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        Three three = new Three(selector, EVENT_READ)) {
      IOException checked = new IOException("the handler's");
      Error error = new AssertionError("the handler's");
      assertSame(
          checked,
          assertThrows(
              IOException.class,
              () ->
                  selector.select(
                      null,
                      (key, events) -> {
                        three.handed.add(key);
                        selector.unregister(key.fd());
                        throw checked;
                      })));
      assertSame(
          error,
          assertThrows(
              AssertionError.class,
              () ->
                  selector.select(
                      null,
                      (key, events) -> {
                        three.handed.add(key);
                        selector.unregister(key.fd());
                        throw error;
                      })));
      assertEquals(1, selector.selectNow((key, events) -> three.handed.add(key)));
      assertEquals(List.of(), three.waiting());
      assertStillWorks(selector);
    }
  }

  @EveryMechanism
  void aHandlerMayCallAnythingButASelect(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable();
        TestPipe other = TestPipe.open()) {
      selector.register(pipe.source, EVENT_READ);
      int count =
          selector.selectNow(
              (key, events) -> {
                assertRefused(IllegalStateException.class, selector::select);
                assertRefused(IllegalStateException.class, selector::selectNow);
                assertRefused(
                    IllegalStateException.class, () -> selector.select(Duration.ofMillis(1)));
                assertRefused(
                    IllegalStateException.class, () -> selector.selectNanos(1, (k, e) -> {}));
                assertRefused(IllegalStateException.class, () -> selector.selectNow((k, e) -> {}));
                selector.register(other.sink, EVENT_WRITE);
                selector.modify(other.sink, EVENT_READ);
                assertEquals(Set.of(pipe.source, other.sink), selector.getMap().keySet());
                assertEquals(other.sink, selector.getKey(other.sink).fd());
                selector.unregister(other.sink);
                assertTrue(selector.isOpen());
                assertSame(mechanism, selector.mechanism());
              });
      assertEquals(1, count);
      assertStillWorks(selector);
    }
  }

  @EveryMechanism
  void listsAreNewUnmodifiableSnapshots(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable()) {
      SelectorKey key = selector.register(pipe.source, EVENT_READ);
      List<ReadyKey> first = selector.select();
      assertNotSame(first, selector.select());
      selector.unregister(pipe.source);
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), first);
      ReadyKey ready = first.get(0);
      assertTrue(ready.isReadable());
      assertFalse(ready.isWritable());
      assertThrows(UnsupportedOperationException.class, () -> first.add(ready));
      assertThrows(UnsupportedOperationException.class, () -> first.remove(0));
      List<ReadyKey> none = selector.selectNow();
      assertThrows(UnsupportedOperationException.class, () -> none.add(ready));
    }
  }
}
