package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_HANGUP;
import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.Elapsed.assertIdle;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.select.Poll;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A select never returns early, and the forms of a timeout mean what they say. */
class TimeoutTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final long MILLI_NANOS = 1_000_000;

  private static final ReadyHandler NONE_EXPECTED =
      (key, events) -> {
        throw new AssertionError(key + " is reported");
      };

  private static final long[] NANOS = {
    1,
    999,
    1_000,
    100_000,
    250_000,
    999_999,
    1_000_000,
    1_000_001,
    1_500_000,
    1_999_999,
    10_000_000,
    10_000_001,
    33_333_333
  };

  @EveryMechanism
  void aSelectIsNeverEarly(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe idle = TestPipe.open()) {
      selector.register(idle.source, EVENT_READ);
      for (int round = 0; round < 5; round++) {
        for (long nanos : NANOS) {
          assertLasts(selector, nanos);
        }
      }
    }
  }

  @EveryMechanism
  void withNothingRegisteredTheTimeoutHolds(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      for (long nanos : NANOS) {
        assertLasts(selector, nanos);
      }
    }
  }

  private static void assertLasts(BaseSelector selector, long nanos) throws IOException {
    Duration timeout = Duration.ofNanos(nanos);
    Elapsed list = Elapsed.start();
    assertTrue(selector.select(timeout).isEmpty());
    list.assertLasted(timeout);
    Elapsed duration = Elapsed.start();
    assertEquals(0, selector.select(timeout, NONE_EXPECTED));
    duration.assertLasted(timeout);
    Elapsed primitive = Elapsed.start();
    assertEquals(0, selector.selectNanos(nanos, NONE_EXPECTED));
    primitive.assertLasted(timeout);
  }

  /** Whether or not there is something to wait for. */
  @EveryMechanism
  void waitingDoesNotSpin(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe idle = TestPipe.open()) {
      assertIdle(selector);
      selector.register(idle.source, EVENT_READ);
      assertIdle(selector);
    }
  }

  /**
   * What a key no longer asks for, the kernel is not asked for either: it is ready all the time.
   */
  @EveryMechanism
  void aNarrowedInterestDoesNotSpin(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe writable = TestPipe.open()) {
      selector.register(writable.sink, EVENT_READ | EVENT_WRITE);
      assertEquals(1, selector.selectNow().size());
      selector.modify(writable.sink, EVENT_READ);
      assertIdle(selector);
    }
  }

  /** What a paused reader has not read is no hang-up, and nothing to wake up for. */
  @EveryMechanism
  void aHangupThatIsWaitedForDoesNotSpin(Mechanism mechanism) throws Exception {
    if (mechanism == Mechanism.SELECT) {
      return;
    }
    try (BaseSelector selector = mechanism.open();
        TestPipe readable = TestPipe.readable()) {
      selector.register(readable.source, EVENT_HANGUP);
      assertIdle(selector);
      selector.modify(readable.source, EVENT_READ);
      assertEquals(1, selector.selectNow().size());
      selector.modify(readable.source, EVENT_HANGUP);
      assertIdle(selector);
    }
  }

  /** Nor is what nobody has read on a terminal, or in a file: neither has a low-water mark. */
  @EveryMechanism
  void aHangupOfATerminalDoesNotSpin(Mechanism mechanism) throws Exception {
    if (mechanism == Mechanism.SELECT) {
      return;
    }
    try (BaseSelector selector = mechanism.open()) {
      int[] terminal = new int[2];
      TestLibrary.check(TestLibrary.openpty(terminal));
      selector.register(terminal[1], EVENT_HANGUP);
      assertIdle(selector);
      for (int line = 0; line < 3; line++) {
        TestLibrary.write(terminal[0], (byte) '\n');
        assertIdle(selector);
      }
      SelectorKey reading = selector.modify(terminal[1], EVENT_READ | EVENT_HANGUP);
      for (int again = 0; again < 2; again++) {
        assertEquals(List.of(new ReadyKey(reading, EVENT_READ)), selector.selectNow());
      }
      SelectorKey key = selector.modify(terminal[1], EVENT_HANGUP);
      assertIdle(selector);
      TestLibrary.check(TestLibrary.close(terminal[0]));
      if (Mechanisms.missesTheHangupOfATerminal(mechanism)) {
        assertIdle(selector);
      } else {
        for (int again = 0; again < 3; again++) {
          assertEquals(
              List.of(new ReadyKey(key, EVENT_HANGUP)), selector.select(Duration.ofSeconds(30)));
        }
      }
      selector.unregister(terminal[1]);
      TestLibrary.check(TestLibrary.close(terminal[1]));
    }
  }

  /** What is no longer asked for is not waited for either, though the peer has shut down. */
  @EveryMechanism
  void writingInPlaceOfAHangupDoesNotSpin(Mechanism mechanism) throws Exception {
    if (mechanism == Mechanism.SELECT) {
      return;
    }
    try (BaseSelector selector = mechanism.open()) {
      int[] pair = new int[2];
      TestLibrary.check(TestLibrary.socketpair(pair));
      byte[] piece = new byte[4096];
      while (TestLibrary.poll(pair[0], Poll.POLLOUT, 0) == Poll.POLLOUT) {
        TestLibrary.write(pair[0], piece);
      }
      selector.register(pair[0], EVENT_HANGUP);
      assertIdle(selector);
      selector.modify(pair[0], EVENT_WRITE);
      TestLibrary.check(TestLibrary.shutdown(pair[1], 1));
      assertIdle(selector);
      selector.unregister(pair[0]);
      TestLibrary.check(TestLibrary.close(pair[0]));
      TestLibrary.check(TestLibrary.close(pair[1]));
    }
  }

  /**
   * Where the system counts nanoseconds, no rounding to milliseconds: they'd make it a full one.
   */
  @EveryMechanism
  void aFractionOfAMillisecondIsNotRoundedUp(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe idle = TestPipe.open()) {
      selector.register(idle.source, EVENT_READ);
      boolean countsNanoseconds = countsNanoseconds(mechanism);
      // A busy machine is late most of the time, but not always.
      long end = System.nanoTime() + LONG.toNanos();
      long best = Long.MAX_VALUE;
      for (int round = 0;
          round < 100 || (countsNanoseconds && best >= MILLI_NANOS && System.nanoTime() < end);
          round++) {
        long start = System.nanoTime();
        assertEquals(0, selector.selectNanos(100_000, NONE_EXPECTED));
        best = Math.min(best, System.nanoTime() - start);
      }
      String figures = "100 µs took at best " + best + " ns";
      assertTrue(best >= 100_000, figures);
      assertEquals(countsNanoseconds, best < MILLI_NANOS, figures);
    }
  }

  /** Qemu-user lacks epoll_pwait2, as an old kernel does. */
  private static boolean countsNanoseconds(Mechanism mechanism) {
    return mechanism != Mechanism.DEVPOLL && !(mechanism == Mechanism.EPOLL && Mechanisms.IN_QEMU);
  }

  @EveryMechanism
  void zeroAndNegativeDurationsPoll(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      SelectorKey key = selector.register(pipe.source, EVENT_READ);
      Elapsed elapsed = Elapsed.start();
      for (Duration timeout : polls()) {
        assertTrue(selector.select(timeout).isEmpty());
        assertEquals(0, selector.select(timeout, NONE_EXPECTED));
      }
      assertEquals(0, selector.selectNanos(0, NONE_EXPECTED));
      assertEquals(0, selector.selectNow(NONE_EXPECTED));
      assertTrue(selector.selectNow().isEmpty());
      elapsed.assertPrompt();
      pipe.write();
      for (Duration timeout : polls()) {
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select(timeout));
      }
    }
  }

  private static List<Duration> polls() {
    return List.of(
        Duration.ZERO,
        Duration.ofNanos(-1),
        Duration.ofMillis(-1),
        Duration.ofDays(-1),
        Duration.ofSeconds(Long.MIN_VALUE));
  }

  @EveryMechanism
  void whatBlocksBlocksUntilWokenUp(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe idle = TestPipe.open()) {
      assertAllBlock(selector);
      selector.register(idle.source, EVENT_READ);
      assertAllBlock(selector);
    }
  }

  private static void assertAllBlock(BaseSelector selector) throws Exception {
    for (Wait wait : blockingWaits()) {
      try (var blocked = SelectThread.startBlocked(() -> wait.on(selector))) {
        Thread.sleep(2);
        assertFalse(blocked.isDone(), "a select that blocks ended on its own");
        selector.wakeup();
        assertEquals(0, blocked.result());
      }
    }
  }

  private static List<Wait> blockingWaits() {
    return List.of(
        selector -> selector.select().size(),
        selector -> selector.select(null).size(),
        selector -> selector.select(null, NONE_EXPECTED),
        selector -> selector.selectNanos(Long.MAX_VALUE, NONE_EXPECTED),
        selector -> selector.selectNanos(Long.MAX_VALUE - 1_000_000, NONE_EXPECTED),
        selector -> selector.select(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)).size(),
        selector -> selector.select(Duration.ofSeconds(Long.MAX_VALUE), NONE_EXPECTED),
        selector -> selector.select(Duration.ofNanos(Long.MAX_VALUE), NONE_EXPECTED),
        selector -> selector.select(Duration.ofDays(25), NONE_EXPECTED),
        selector -> selector.select(Duration.ofMillis(1L + Integer.MAX_VALUE), NONE_EXPECTED),
        selector -> selector.select(Duration.ofSeconds(1L << 32), NONE_EXPECTED),
        selector -> selector.select(Duration.ofDays(1_000_000), NONE_EXPECTED));
  }

  private interface Wait {
    int on(BaseSelector selector) throws IOException;
  }
}
