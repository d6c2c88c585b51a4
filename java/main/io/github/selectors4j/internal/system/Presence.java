package io.github.selectors4j.internal.system;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.loading.NativeLibrary;
import io.github.selectors4j.internal.loading.Platform;

/** Tells a mechanism that this platform lacks from one that merely failed. */
final class Presence {

  private Presence() {}

  /** Throws unless the native library has the mechanism, or could not be loaded at all. */
  static void require(boolean bound, String mechanism) {
    NativeLibrary.load();
    if (!bound) {
      throw absent(mechanism);
    }
  }

  /**
   * Passes the descriptor on.
   *
   * @param result the descriptor, or {@code -errno}
   */
  static int require(int result, String mechanism, String call) throws SystemCallException {
    if (result == -Errno.ENOSYS
        || result == -Errno.ENOENT
        || result == -Errno.ENXIO
        || result == -Errno.ENODEV) {
      throw absent(mechanism);
    }
    return SystemCalls.check(result, call);
  }

  private static UnsupportedOperationException absent(String mechanism) {
    return new UnsupportedOperationException(
        mechanism + " is not available on " + Platform.describe());
  }
}
