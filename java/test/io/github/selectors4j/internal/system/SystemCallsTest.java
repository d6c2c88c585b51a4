package io.github.selectors4j.internal.system;

import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.SystemCallException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** The retry of interrupted waits, on a system call that is a lambda. */
class SystemCallsTest {
  private static final int EINTR = -Errno.EINTR;
  private static final int EBADF = -Errno.EBADF;
  private static final long TIMEOUT = TimeUnit.MILLISECONDS.toNanos(30);
  private static final long LONG_TIMEOUT = TimeUnit.MINUTES.toNanos(1);
  private static final long EACH = TimeUnit.MILLISECONDS.toNanos(10);

  /** The timeouts that the system call was given. */
  private final List<Long> asked = new ArrayList<>();

  /** Takes its time, and then answers what the number of the call, from 0, calls for. */
  private SystemCalls.Wait taking(long nanos, IntUnaryOperator answer) {
    return timeoutNanos -> {
      asked.add(timeoutNanos);
      long end = System.nanoTime() + nanos;
      while (System.nanoTime() - end < 0) {
        Thread.onSpinWait();
      }
      return answer.applyAsInt(asked.size() - 1);
    };
  }

  @Test
  void aSignalLeavesTheRemainingTime() {
    assertEquals(7, SystemCalls.await(taking(EACH, call -> call < 2 ? EINTR : 7), LONG_TIMEOUT));
    assertAskedForTheRemainingTime(3);
  }

  @Test
  void signalsWithoutEndDoNotMoveTheTimeout() {
    long start = System.nanoTime();
    assertEquals(0, SystemCalls.await(taking(EACH, call -> EINTR), TIMEOUT));
    assertTrue(System.nanoTime() - start >= TIMEOUT, "early");
    assertTrue(asked.size() <= 3, asked::toString);
  }

  /** As a system that rounds down would. */
  @Test
  void aSystemThatIsEarlyIsAskedAgain() {
    assertEquals(7, SystemCalls.await(taking(EACH, call -> call < 2 ? 0 : 7), LONG_TIMEOUT));
    assertAskedForTheRemainingTime(3);
  }

  private void assertAskedForTheRemainingTime(int calls) {
    assertEquals(calls, asked.size());
    assertEquals(LONG_TIMEOUT, asked.get(0));
    for (int call = 1; call < calls; call++) {
      assertTrue(asked.get(call) <= asked.get(call - 1) - EACH, asked::toString);
    }
  }

  @Test
  void aSignalDoesNotEndWhatHasNoTimeout() {
    assertEquals(2, SystemCalls.await(taking(0, call -> call < 5 ? EINTR : 2), -1));
    assertEquals(List.of(-1L, -1L, -1L, -1L, -1L, -1L), asked);
  }

  @Test
  void aSignalDoesNotMakeALookAWait() {
    assertEquals(0, SystemCalls.await(taking(0, call -> call < 2 ? EINTR : 0), 0));
    assertEquals(List.of(0L, 0L, 0L), asked);
  }

  @Test
  void anotherErrorIsNotRetried() {
    for (long timeout : new long[] {-1, 0, TIMEOUT}) {
      asked.clear();
      assertEquals(EBADF, SystemCalls.await(taking(0, call -> EBADF), timeout));
      assertEquals(List.of(timeout), asked);
    }
  }

  /** The system's longest wait is not the caller's. */
  @Test
  void aHugeTimeoutIsWaitedForInParts() {
    assertEquals(1, SystemCalls.await(taking(0, call -> call < 3 ? 0 : 1), Long.MAX_VALUE));
    assertEquals(4, asked.size());
    assertTrue(asked.stream().allMatch(nanos -> nanos == Timeouts.LONGEST_WAIT), asked::toString);
  }

  @Test
  void anErrorIsThrownWithItsCallAndACountPasses() throws Exception {
    assertEquals(3, SystemCalls.check(3, "read(fd 7)"));
    assertEquals(0, SystemCalls.check(0, "read(fd 7)"));
    SystemCallException refusal =
        assertRefused(
            SystemCallException.class,
            () -> SystemCalls.check(EBADF, "read(fd 7)"),
            "read(fd 7)",
            "EBADF");
    assertEquals(Errno.EBADF, refusal.errno());
  }
}
