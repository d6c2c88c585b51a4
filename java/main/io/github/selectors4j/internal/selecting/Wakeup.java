package io.github.selectors4j.internal.selecting;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.loading.NativeLibrary;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.SystemCalls;

/** A descriptor that becomes readable on demand, to end a wait. Not safe for threads. */
public final class Wakeup implements AutoCloseable {

  static {
    NativeLibrary.bind(Wakeup.class);
  }

  private final int readEnd;
  private final int writeEnd;

  private Wakeup(int readEnd, int writeEnd) {
    this.readEnd = readEnd;
    this.writeEnd = writeEnd;
  }

  /** Opens an eventfd(2), or a pipe where there is none. */
  public static Wakeup open() throws SystemCallException {
    int eventfd = eventfd();
    if (eventfd >= 0) {
      return new Wakeup(eventfd, eventfd);
    }
    if (eventfd != -Errno.ENOSYS) {
      throw Errno.exception("eventfd()", -eventfd);
    }
    int[] ends = new int[2];
    SystemCalls.check(Descriptors.pipe(ends), "pipe()");
    return new Wakeup(ends[0], ends[1]);
  }

  /** What to wait for, for reading. */
  public int descriptor() {
    return readEnd;
  }

  /** Makes the descriptor readable. */
  public void signal() throws SystemCallException {
    int result;
    do {
      result = write(writeEnd);
    } while (result == -Errno.EINTR);
    check(result, "write(wake-up, fd ", writeEnd);
  }

  /** Makes the descriptor unreadable again, after one {@link #signal()}. */
  public void clear() throws SystemCallException {
    int result;
    do {
      result = read(readEnd);
    } while (result == -Errno.EINTR);
    check(result, "read(wake-up, fd ", readEnd);
  }

  /** EAGAIN says that the descriptor is as it should be. */
  private static void check(int result, String call, int fd) throws SystemCallException {
    if (result < 0 && result != -Errno.EAGAIN) {
      throw Errno.exception(call + fd + ")", -result);
    }
  }

  @Override
  public void close() {
    Descriptors.close(readEnd);
    if (writeEnd != readEnd) {
      Descriptors.close(writeEnd);
    }
  }

  private static native int eventfd();

  private static native int write(int fd);

  private static native int read(int fd);
}
