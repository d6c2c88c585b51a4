package io.github.selectors4j.internal.system;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Timeouts as the system calls want them. Negative nanoseconds mean for ever. */
public final class Timeouts {

  /**
   * The longest single wait asked of a system, eleven days: whole milliseconds of it fit an int,
   * and Darwin answers EINVAL to longer ones. Who waits longer waits again.
   */
  static final long LONGEST_WAIT = 1_000_000_000_000_000L;

  private static final int NANOS_PER_MILLI = 1_000_000;

  private Timeouts() {}

  /**
   * A timeout in nanoseconds.
   *
   * @param timeout null waits for ever, zero or less does not wait
   * @return -1 for null, else not negative; what is too long saturates
   */
  public static long nanos(@Nullable Duration timeout) {
    if (timeout == null) {
      return -1;
    }
    if (timeout.isNegative()) {
      return 0;
    }
    try {
      return timeout.toNanos();
    } catch (ArithmeticException tooLong) {
      return Long.MAX_VALUE;
    }
  }

  /** Whether milliseconds say it exactly: zero, for ever, or a whole number of them. */
  static boolean isWholeMillis(long nanos) {
    return nanos <= 0 || nanos % NANOS_PER_MILLI == 0;
  }

  /** Milliseconds, rounded up: who wakes early would find nothing and spin. */
  static int millis(long nanos) {
    return nanos < 0 ? -1 : (int) ((nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
  }
}
