package io.github.selectors4j;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A system call failed: Python's {@code OSError}. The message names the call, its object and the
 * error, as in {@code epoll_ctl(ADD, fd 7): Operation not permitted (EPERM)}, and says what to do
 * where that is known.
 *
 * <pre>{@code
 * try {
 *   selector.register(file, EVENT_READ);
 * } catch (SystemCallException e) {
 *   if (!e.errnoName().equals("EPERM")) {
 *     throw e;
 *   }
 *   handle(file); // a regular file is always ready: there is nothing to wait for
 * }
 * }</pre>
 */
public class SystemCallException extends IOException {

  private static final long serialVersionUID = 1;

  /** The call with its object. */
  private final String call;

  /** The error number. */
  private final int errno;

  /** The error's name. */
  private final String errnoName;

  /**
   * A failure of {@code call}.
   *
   * @param call the system call and its object, as in {@code epoll_ctl(ADD, fd 7)}
   * @param errno the positive error number that it left
   * @param errnoName the error's symbolic name, as in {@code EPERM}
   * @param explanation the system's words for the error
   * @param advice what to do about it, or null
   */
  public SystemCallException(
      String call, int errno, String errnoName, String explanation, @Nullable String advice) {
    super(
        call + ": " + explanation + " (" + errnoName + ")" + (advice == null ? "" : ": " + advice));
    this.call = call;
    this.errno = errno;
    this.errnoName = errnoName;
  }

  /**
   * The call that failed.
   *
   * @return the system call and its object, as in {@code epoll_ctl(ADD, fd 7)}
   */
  public String call() {
    return call;
  }

  /**
   * The error number, as this system counts.
   *
   * @return {@code errno}, which is positive; on Windows the Winsock error
   */
  public int errno() {
    return errno;
  }

  /**
   * The error's symbolic name.
   *
   * @return as in {@code EPERM}; {@code errno 4711} for a number without a name
   */
  public String errnoName() {
    return errnoName;
  }
}
