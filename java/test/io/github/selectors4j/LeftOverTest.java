package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What one wait reported is handed out once, whatever a handler does, and not asked for again. */
class LeftOverTest extends DescriptorTestCase {

  private static final int COUNT = 5;

  @EveryMechanism
  void eachHandlerThatThrowsLeavesTheOthersToTheNextSelect(Mechanism mechanism) throws Exception {
    BaseSelector selector = addCleanup(mechanism.open());
    List<TestPipe> pipes = readable(selector);
    Set<Integer> handed = new HashSet<>();
    for (int i = 0; i < COUNT; i++) {
      Error thrown = new AssertionError();
      assertSame(
          thrown,
          assertThrows(
              AssertionError.class,
              () ->
                  selector.select(
                      null,
                      (key, events) -> {
                        assertTrue(handed.add(key.fd()), "handed out twice in one pass");
                        // The system would not report it again.
                        pipes.stream().filter(p -> p.source == key.fd()).forEach(TestPipe::read);
                        throw thrown;
                      })));
      assertEquals(i + 1, handed.size());
    }
    assertEquals(List.of(), selector.selectNow());
  }

  @EveryMechanism
  void itIsHandedOutWithoutAskingTheSystem(Mechanism mechanism) throws Exception {
    BaseSelector selector = addCleanup(mechanism.open());
    List<TestPipe> pipes = readable(selector);
    throwOnce(selector);
    pipes.forEach(TestPipe::read);
    assertEquals(COUNT - 1, selector.select(null, (key, events) -> {}));
    assertEquals(List.of(), selector.selectNow());
  }

  @EveryMechanism
  void itIsMaskedAsItsKeyStandsThen(Mechanism mechanism) throws Exception {
    BaseSelector selector = addCleanup(mechanism.open());
    readable(selector);
    int thrown = throwOnce(selector);
    List<Integer> left = new ArrayList<>(selector.getMap().keySet());
    left.remove((Integer) thrown);
    selector.unregister(left.get(0));
    selector.modify(left.get(1), EVENT_WRITE);
    SelectorKey renewed = selector.modify(left.get(2), EVENT_READ, "renewed");
    assertEquals(
        Set.of(
            new ReadyKey(renewed, EVENT_READ),
            new ReadyKey(selector.getKey(left.get(3)), EVENT_READ)),
        Set.copyOf(selector.select(Duration.ZERO)));
  }

  @EveryMechanism
  void itIsNotOfWhoeverGetsTheNumber(Mechanism mechanism) throws Exception {
    BaseSelector selector = addCleanup(mechanism.open());
    List<TestPipe> pipes = readable(selector);
    int thrown = throwOnce(selector);
    for (TestPipe pipe : pipes) {
      selector.unregister(pipe.source);
      pipe.read();
      selector.register(pipe.source, EVENT_READ);
    }
    assertEquals(List.of(), selector.selectNow(), () -> "after " + thrown);
  }

  @EveryMechanism
  void nothingLeftIsWaitedFor(Mechanism mechanism) throws Exception {
    BaseSelector selector = addCleanup(mechanism.open());
    List<TestPipe> pipes = readable(selector);
    throwOnce(selector);
    for (TestPipe pipe : pipes) {
      selector.unregister(pipe.source);
    }
    Duration timeout = Duration.ofMillis(20);
    Elapsed elapsed = Elapsed.start();
    assertEquals(0, selector.select(timeout, (key, events) -> {}));
    elapsed.assertLasted(timeout);
  }

  @EveryMechanism
  void aWakeupIsConsumedWithIt(Mechanism mechanism) throws Exception {
    BaseSelector selector = addCleanup(mechanism.open());
    List<TestPipe> pipes = readable(selector);
    throwOnce(selector);
    pipes.forEach(TestPipe::read);
    assertEquals(COUNT - 1, selector.wakeup().select(null, (key, events) -> {}));
    Duration timeout = Duration.ofMillis(20);
    Elapsed elapsed = Elapsed.start();
    assertEquals(0, selector.select(timeout, (key, events) -> {}));
    elapsed.assertLasted(timeout);
  }

  /** What became ready meanwhile is not kept back by it. */
  @EveryMechanism
  void aWakeupDoesNotHideWhatIsReadyWhenNothingIsLeft(Mechanism mechanism) throws Exception {
    BaseSelector selector = addCleanup(mechanism.open());
    List<TestPipe> pipes = readable(selector);
    throwOnce(selector);
    for (TestPipe pipe : pipes) {
      selector.unregister(pipe.source);
    }
    SelectorKey key = selector.register(pipes.get(0).source, EVENT_READ);
    assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.wakeup().select());
  }

  /** More are ready than fit any first buffer: none is hidden, none comes twice. */
  @EveryMechanism
  void noBufferIsTooSmall(Mechanism mechanism) throws Exception {
    Mechanisms.assumeNoFdSetsize(mechanism);
    for (int count : new int[] {254, 255, 256, 257, 511, 512, 600}) {
      try (BaseSelector selector = mechanism.open();
          TestPipe pipe = TestPipe.open();
          Duplicates duplicates = Duplicates.of(pipe.sink, count)) {
        for (int fd : duplicates.fds()) {
          selector.register(fd, EVENT_WRITE);
        }
        Set<Integer> handed = new HashSet<>();
        int handedOut = selector.selectNow((key, events) -> handed.add(key.fd()));
        assertEquals(count, handed.size());
        assertEquals(count, handedOut);
      }
    }
  }

  private List<TestPipe> readable(BaseSelector selector) throws Exception {
    List<TestPipe> pipes = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      TestPipe pipe = addCleanup(TestPipe.readable());
      selector.register(pipe.source, EVENT_READ);
      pipes.add(pipe);
    }
    return pipes;
  }

  /** Returns the descriptor for whose key the handler threw. */
  private static int throwOnce(BaseSelector selector) {
    int[] thrown = new int[1];
    assertThrows(
        IllegalStateException.class,
        () ->
            selector.selectNow(
                (key, events) -> {
                  thrown[0] = key.fd();
                  throw new IllegalStateException();
                }));
    return thrown[0];
  }
}
