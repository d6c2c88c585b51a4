package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.Elapsed.assertWaitsOut;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;

/** wakeup, whenever and however often it comes, ends one select and is never seen as a key. */
@Tag(Interposed.TOO)
class WakeupTest {

  @EveryMechanism
  void endsTheNextSelectOnly(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      assertSame(selector, selector.wakeup());
      Elapsed elapsed = Elapsed.start();
      assertTrue(selector.select().isEmpty());
      elapsed.assertPrompt();
      assertWaitsOut(selector);
    }
  }

  @EveryMechanism
  void endsTheSelectInProgressOnly(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe idle = TestPipe.open()) {
      selector.register(idle.source, EVENT_READ);
      try (var blocked = SelectThread.startBlocked(selector::select)) {
        selector.wakeup();
        assertTrue(blocked.result().isEmpty());
      }
      assertWaitsOut(selector);
      assertEquals(1, selector.getMap().size());
    }
  }

  @EveryMechanism
  void coalesces(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      // More than any pipe holds, should each write a byte.
      for (int i = 0; i < 100_000; i++) {
        selector.wakeup();
      }
      assertTrue(selector.select().isEmpty());
      assertWaitsOut(selector);
    }
  }

  @EveryMechanism
  void aZeroTimeoutConsumesIt(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe idle = TestPipe.open()) {
      selector.register(idle.source, EVENT_READ);
      selector.wakeup();
      assertEquals(0, selector.selectNow((key, events) -> {}));
      assertWaitsOut(selector);
      selector.wakeup();
      assertTrue(selector.selectNow().isEmpty());
      assertWaitsOut(selector);
    }
  }

  @EveryMechanism
  void aSelectThatFindsReadyKeysConsumesIt(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      SelectorKey key = selector.register(pipe.source, EVENT_READ);
      List<ReadyKey> ready = List.of(new ReadyKey(key, EVENT_READ));
      for (int round = 0; round < 3; round++) {
        pipe.write();
        selector.wakeup();
        assertEquals(ready, round == 0 ? selector.selectNow() : selector.select());
        pipe.read();
        assertWaitsOut(selector);
      }
    }
  }

  /** However full the mechanism's event buffer is, the wake-up in it is neither lost nor kept. */
  @EveryMechanism
  void isConsumedBesideManyReadyKeys(Mechanism mechanism) throws Exception {
    for (int count : new int[] {1, 15, 16, 17, 63, 64, 65, 127, 128, 255, 256, 257}) {
      try (BaseSelector selector = mechanism.open();
          TestPipe pipe = TestPipe.readable();
          Duplicates duplicates = Duplicates.of(pipe.source, count)) {
        for (int fd : duplicates.fds()) {
          selector.register(fd, EVENT_READ);
        }
        selector.wakeup();
        assertEquals(count, selector.select().size());
        pipe.read();
        assertWaitsOut(selector);
      }
    }
  }

  @EveryMechanism
  void duringAPassCountsForTheNextSelect(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe first = TestPipe.readable();
        TestPipe second = TestPipe.readable()) {
      selector.register(first.source, EVENT_READ, first);
      selector.register(second.source, EVENT_READ, second);
      int handed =
          selector.select(
              null,
              (key, events) -> {
                selector.wakeup();
                ((TestPipe) key.data()).read();
              });
      assertEquals(2, handed, "a wake-up does not cut the pass short");
      Elapsed elapsed = Elapsed.start();
      assertTrue(selector.select().isEmpty());
      elapsed.assertPrompt();
      assertWaitsOut(selector);
    }
  }

  @EveryMechanism
  void ofAnotherThreadDuringAPassCountsForTheNextSelect(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable()) {
      selector.register(pipe.source, EVENT_READ);
      for (int round = 0; round < 200; round++) {
        assertEquals(
            1,
            selector.select(
                null,
                (key, events) -> {
                  try (var waker = SelectThread.start(selector::wakeup)) {
                    waker.result();
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                }));
        pipe.read();
        assertTrue(selector.select().isEmpty());
        pipe.write();
      }
    }
  }

  /** Four threads post, each waiting until its post was seen: one lost wake-up and it hangs. */
  @EveryMechanism
  void isNeverLost(Mechanism mechanism) throws Exception {
    int posters = 4;
    int postsEach = 2_000;
    AtomicInteger posted = new AtomicInteger();
    Semaphore seen = new Semaphore(0);
    try (BaseSelector selector = mechanism.open();
        var loop =
            SelectThread.start(
                () -> {
                  for (int handled = 0; handled < posters * postsEach; ) {
                    assertTrue(selector.select().isEmpty(), "a wake-up was reported as a key");
                    int taken = posted.getAndSet(0);
                    seen.release(taken);
                    handled += taken;
                  }
                  return null;
                });
        Crew crew = new Crew()) {
      for (int poster = 0; poster < posters; poster++) {
        crew.start(
            () -> {
              for (int post = 0; post < postsEach; post++) {
                posted.incrementAndGet();
                selector.wakeup();
                assertTrue(seen.tryAcquire(30, TimeUnit.SECONDS), "a wake-up was lost");
              }
            });
      }
      crew.await();
      loop.result();
      assertTrue(selector.getMap().isEmpty());
    }
  }
}
