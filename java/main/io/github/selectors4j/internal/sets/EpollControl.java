package io.github.selectors4j.internal.sets;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.system.EpollShim;
import io.github.selectors4j.internal.system.Errno;

/** Changes of epoll sets, in which each number has the generation of its registration beside it. */
final class EpollControl {

  private EpollControl() {}

  /** What tells a registration from others, in an event. */
  static long data(int fd, int generation) {
    return (long) generation << Integer.SIZE | fd;
  }

  static int generation(long data) {
    return (int) (data >>> Integer.SIZE);
  }

  /** Makes a change: 0, or {@code -errno}. */
  static int attempt(int epfd, int operation, int fd, int generation, int events) {
    return EpollShim.control(epfd, operation, fd, EpollSet.BITS.of(events), data(fd, generation));
  }

  /** Makes a change. */
  static void change(int epfd, int operation, int fd, int generation, int events)
      throws SystemCallException {
    check(operation, fd, attempt(epfd, operation, fd, generation, events));
  }

  /** Throws what a result says. */
  static void check(int operation, int fd, int result) throws SystemCallException {
    if (result < 0) {
      throw Errno.exception(EpollShim.describe(operation, fd), -result);
    }
  }
}
