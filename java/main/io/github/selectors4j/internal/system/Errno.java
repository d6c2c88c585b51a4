package io.github.selectors4j.internal.system;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.loading.NativeLibrary;
import org.jspecify.annotations.Nullable;

/** The system's error numbers, their names and messages: errno(3). */
public final class Errno {

  private static final boolean BOUND = NativeLibrary.bind(Errno.class);

  /** A signal interrupted the call. */
  public static final int EINTR = value("EINTR");

  /** The descriptor is not open. */
  public static final int EBADF = value("EBADF");

  /** Not permitted: what epoll says of a file that is always ready. */
  public static final int EPERM = value("EPERM");

  /** No such entry. */
  public static final int ENOENT = value("ENOENT");

  /** Already there. */
  public static final int EEXIST = value("EEXIST");

  /** It would block: a pipe is full, or empty. */
  public static final int EAGAIN = value("EAGAIN");

  /** A connection was gone before it was accepted. */
  public static final int ECONNABORTED = value("ECONNABORTED");

  /** Out of memory. */
  public static final int ENOMEM = value("ENOMEM");

  /** Nobody is left to read what is written. */
  public static final int EPIPE = value("EPIPE");

  /** The process has as many descriptors as it may. */
  public static final int EMFILE = value("EMFILE");

  /** The file has no such operation. */
  public static final int EOPNOTSUPP = value("EOPNOTSUPP");

  /** Invalid argument. */
  public static final int EINVAL = value("EINVAL");

  /** What epoll says of sets that watch each other, or too deep a pile of sets. */
  public static final int ELOOP = value("ELOOP");

  /** No space left: what epoll says of too many watches. */
  public static final int ENOSPC = value("ENOSPC");

  /** The kernel lacks the call. */
  public static final int ENOSYS = value("ENOSYS");

  /** No such device. */
  public static final int ENXIO = value("ENXIO");

  /** No such device. */
  public static final int ENODEV = value("ENODEV");

  private Errno() {}

  /** What to throw when a call has failed. */
  public static SystemCallException exception(String call, int errno) {
    return exception(call, errno, errno == EMFILE ? Descriptors.fullAdvice() : null);
  }

  /** The same, with what to do about it, or null. */
  public static SystemCallException exception(String call, int errno, @Nullable String advice) {
    return exception(call, errno, null, advice);
  }

  /**
   * The same, with what the error means here.
   *
   * @param meaning takes the place of the system's own words, unless it is null
   */
  public static SystemCallException exception(
      String call, int errno, @Nullable String meaning, @Nullable String advice) {
    String words = meaning == null ? describe(errno) : meaning;
    return new SystemCallException(call, errno, name(errno), words, advice);
  }

  /** The symbolic name, as in {@code EPERM}; {@code errno 4711} where there is none. */
  public static String name(int errno) {
    NativeLibrary.load();
    String name = symbol(errno);
    return name == null ? "errno " + errno : name;
  }

  /** The system's own words, as in {@code Operation not permitted}. */
  public static String describe(int errno) {
    NativeLibrary.load();
    return message(errno);
  }

  private static int value(String symbol) {
    return BOUND ? number(symbol) : 0;
  }

  private static native @Nullable String symbol(int errno);

  /** A BSD has one place for all messages. */
  private static synchronized native String message(int errno);

  private static native int number(String symbol);
}
