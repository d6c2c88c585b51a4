package io.github.selectors4j.internal.system;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.loading.NativeLibrary;

/** Descriptors as such, whatever they name. */
public final class Descriptors {

  static {
    NativeLibrary.bind(Descriptors.class);
  }

  private Descriptors() {}

  /** Throws EBADF unless the descriptor is open. */
  public static void requireOpen(int fd) throws SystemCallException {
    SystemCalls.check(flags(fd), "fcntl(F_GETFD, fd " + fd + ")");
  }

  /** Whether the descriptor is open. */
  public static boolean isOpen(int fd) {
    return flags(fd) >= 0;
  }

  /**
   * A pipe's read end whose writer is gone: always readable, at its end.
   *
   * @return the descriptor, the caller's to close
   */
  public static int openEnded() throws SystemCallException {
    int[] ends = new int[2];
    SystemCalls.check(pipe(ends), "pipe()");
    close(ends[1]);
    return ends[0];
  }

  /** The descriptor's flags, or {@code -errno}. */
  private static native int flags(int fd);

  /** A close-on-exec duplicate, or {@code -errno}. */
  public static native int duplicate(int fd);

  /** 0, or {@code -errno}; the number is free in either case. */
  public static native int close(int fd);

  /** Makes a pipe, close-on-exec and non-blocking: read end, write end; 0 or {@code -errno}. */
  public static native int pipe(int[] ends);
}
