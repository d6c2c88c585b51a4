package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.function.Executable;

/** close: what throws afterwards, who releases the descriptors, and whom it doesn't wait for. */
@Tag(Interposed.TOO)
class CloseTest {

  @EveryMechanism
  void everythingElseThrowsAfterwards(Mechanism mechanism) throws Exception {
    try (TestPipe pipe = TestPipe.readable()) {
      BaseSelector selector = mechanism.open();
      SelectorKey key = selector.register(pipe.source, EVENT_READ);
      Map<Integer, SelectorKey> map = selector.getMap();
      assertSame(key, map.get(pipe.source));
      assertTrue(selector.isOpen());
      selector.close();
      selector.close();

      List<Executable> calls =
          new ArrayList<>(
              List.of(
                  () -> selector.register(pipe.sink, EVENT_READ),
                  () -> selector.register(pipe.source, EVENT_READ, "data"),
                  () -> selector.unregister(pipe.source),
                  () -> selector.modify(pipe.source, EVENT_READ),
                  () -> selector.modify(pipe.source, EVENT_READ, "data"),
                  selector::select,
                  selector::selectNow,
                  () -> selector.select(Duration.ofMillis(1)),
                  () -> selector.select(Duration.ofMillis(1), (k, events) -> {}),
                  () -> selector.selectNanos(1, (k, events) -> {}),
                  () -> selector.selectNow((k, events) -> {}),
                  () -> selector.getKey(pipe.source),
                  selector::getMap,
                  selector::wakeup));
      if (selector instanceof HasFileno ofTheKernel) {
        calls.add(ofTheKernel::fileno);
      }
      for (Executable call : calls) {
        assertThrowsExactly(ClosedSelectorException.class, call);
      }
      assertFalse(selector.isOpen());
      assertSame(mechanism, selector.mechanism());
      assertTrue(map.isEmpty());
      assertNull(map.get(pipe.source));
      assertFalse(map.containsKey(pipe.source));
      assertFalse(map.entrySet().iterator().hasNext());
    }
  }

  @EveryMechanism
  void releasesItsDescriptorsAtOnceAndLeavesTheRegistered(Mechanism mechanism) throws Exception {
    try (TestPipe pipe = TestPipe.readable()) {
      Map<Integer, String> before = DescriptorLeakCheck.openDescriptors();
      for (int round = 0; round < 100; round++) {
        try (BaseSelector selector = mechanism.open()) {
          selector.register(pipe.source, EVENT_READ);
          selector.wakeup();
          assertEquals(1, selector.select().size());
        }
      }
      assertEquals(before, DescriptorLeakCheck.openDescriptors());
      pipe.read();
    }
  }

  @EveryMechanism
  void endsTheSelectInProgress(Mechanism mechanism) throws Exception {
    Map<Integer, String> before = DescriptorLeakCheck.openDescriptors();
    for (Duration timeout :
        new Duration[] {Duration.ofDays(1), Duration.ofNanos(99_000_000_001L)}) {
      BaseSelector selector = mechanism.open();
      try (var blocked = SelectThread.startBlocked(() -> selector.select(timeout))) {
        selector.close();
        assertFalse(selector.isOpen());
        assertSame(ClosedSelectorException.class, blocked.failure().getClass());
      }
    }
    assertEquals(before, DescriptorLeakCheck.openDescriptors());
  }

  @EveryMechanism
  void inAHandlerEndsThePass(Mechanism mechanism) throws Exception {
    try (TestPipe first = TestPipe.readable();
        TestPipe second = TestPipe.readable()) {
      Map<Integer, String> before = DescriptorLeakCheck.openDescriptors();
      BaseSelector selector = mechanism.open();
      selector.register(first.source, EVENT_READ);
      selector.register(second.source, EVENT_READ);
      List<SelectorKey> handed = new ArrayList<>();
      assertThrowsExactly(
          ClosedSelectorException.class,
          () ->
              selector.select(
                  null,
                  (key, events) -> {
                    handed.add(key);
                    selector.close();
                    assertFalse(selector.isOpen());
                    assertThrowsExactly(
                        ClosedSelectorException.class, () -> selector.unregister(key.fd()));
                  }));
      assertEquals(1, handed.size());
      assertEquals(before, DescriptorLeakCheck.openDescriptors());
    }
  }

  /** Also when the key in hand is the last one. */
  @EveryMechanism
  void inTheLastHandlerCallEndsThePassToo(Mechanism mechanism) throws Exception {
    try (TestPipe pipe = TestPipe.readable()) {
      BaseSelector selector = mechanism.open();
      selector.register(pipe.source, EVENT_READ);
      assertThrowsExactly(
          ClosedSelectorException.class,
          () -> selector.selectNow((key, events) -> selector.close()));
    }
  }

  /** The handler's own exception tells more than that the selector is closed. */
  @EveryMechanism
  void beforeTheHandlerThrowsLeavesNothingBehind(Mechanism mechanism) throws Exception {
    try (TestPipe pipe = TestPipe.readable()) {
      Map<Integer, String> before = DescriptorLeakCheck.openDescriptors();
      BaseSelector selector = mechanism.open();
      selector.register(pipe.source, EVENT_READ);
      assertThrowsExactly(
          ArithmeticException.class,
          () ->
              selector.selectNow(
                  (key, events) -> {
                    selector.close();
                    throw new ArithmeticException();
                  }));
      assertEquals(before, DescriptorLeakCheck.openDescriptors());
    }
  }

  @EveryMechanism
  void neverWaitsForAHandler(Mechanism mechanism) throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    Map<Integer, String> before = DescriptorLeakCheck.openDescriptors();
    try (TestPipe pipe = TestPipe.readable()) {
      BaseSelector selector = mechanism.open();
      selector.register(pipe.source, EVENT_READ);
      try (var running = SelectThread.startInHandler(selector, closed)) {
        selector.close();
        assertFalse(running.isDone());
        closed.countDown();
        assertSame(ClosedSelectorException.class, running.failure().getClass());
      }
    }
    assertEquals(before, DescriptorLeakCheck.openDescriptors());
  }

  /** What a wake-up, an interrupt and a close at once leave: a close. */
  @EveryMechanism
  void outweighsWakeupAndInterrupt(Mechanism mechanism) throws Exception {
    BaseSelector selector = mechanism.open();
    try (var blocked = SelectThread.startBlocked(selector::select)) {
      selector.close();
      blocked.thread().interrupt();
      assertSame(ClosedSelectorException.class, blocked.failure().getClass());
    }
    BaseSelector interrupted = mechanism.open();
    interrupted.close();
    Thread.currentThread().interrupt();
    assertThrowsExactly(ClosedSelectorException.class, interrupted::select);
    assertTrue(Thread.interrupted(), "the status stays set");
  }
}
