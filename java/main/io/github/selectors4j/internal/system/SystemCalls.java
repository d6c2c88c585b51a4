package io.github.selectors4j.internal.system;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.loading.NativeLibrary;
import io.github.selectors4j.internal.loading.Platform;

/**
 * What the shims' answers mean: a count, or {@code -errno}. Who is on the way of a first use looks
 * itself whether there is an error, for which this and all of {@link Errno} are loaded then.
 */
public final class SystemCalls {

  /** A wait that a signal may interrupt. */
  @FunctionalInterface
  public interface Wait {
    /**
     * Waits once.
     *
     * @param timeoutNanos negative waits for ever
     * @return a count, or {@code -errno}
     */
    int await(long timeoutNanos);
  }

  private SystemCalls() {}

  /**
   * Passes a result on unless it is an error.
   *
   * @param result a count, or {@code -errno}
   * @param call the system call and its object, for the message
   * @return the count
   * @throws SystemCallException when the result is an error
   */
  public static int check(int result, String call) throws SystemCallException {
    if (result < 0) {
      throw Errno.exception(call, -result);
    }
    return result;
  }

  /** Tells a mechanism that this platform lacks from a native library that did not load. */
  static UnsupportedOperationException unbound(String mechanism) {
    NativeLibrary.load();
    return absent(mechanism);
  }

  /**
   * Passes a new descriptor on, and tells a mechanism that this platform lacks from one that merely
   * failed.
   *
   * @param result the descriptor, or {@code -errno}
   */
  static int checkPresent(int result, String mechanism, String call) throws SystemCallException {
    if (result < 0 && isAbsence(-result)) {
      throw absent(mechanism);
    }
    return check(result, call);
  }

  private static boolean isAbsence(int errno) {
    return errno == Errno.ENOSYS
        || errno == Errno.ENOENT
        || errno == Errno.ENXIO
        || errno == Errno.ENODEV;
  }

  private static UnsupportedOperationException absent(String mechanism) {
    return new UnsupportedOperationException(
        mechanism + " is not available on " + Platform.describe());
  }

  /**
   * Waits until there is a result or the time is up, however often a signal interrupts (PEP 475),
   * and however short the system's own waits are.
   *
   * @param wait the system call
   * @param timeoutNanos negative waits for ever
   * @return a count, 0 not before the time is up, or {@code -errno} but never {@code -EINTR}
   */
  public static int await(Wait wait, long timeoutNanos) {
    if (timeoutNanos <= 0) {
      return awaitUntimed(wait, timeoutNanos);
    }
    long deadline = System.nanoTime() + timeoutNanos;
    long remaining = timeoutNanos;
    for (; ; ) {
      int result = wait.await(Math.min(remaining, Timeouts.LONGEST_WAIT));
      if (result > 0 || (result < 0 && result != -Errno.EINTR)) {
        return result;
      }
      remaining = deadline - System.nanoTime();
      if (remaining <= 0) {
        return 0;
      }
    }
  }

  private static int awaitUntimed(Wait wait, long timeoutNanos) {
    for (; ; ) {
      int result = wait.await(timeoutNanos);
      if (result >= 0 || result != -Errno.EINTR) {
        return result;
      }
    }
  }
}
