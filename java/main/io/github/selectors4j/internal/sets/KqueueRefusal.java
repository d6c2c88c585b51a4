package io.github.selectors4j.internal.sets;

import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.Errno;
import org.jspecify.annotations.Nullable;

/** Why a queue refuses a descriptor, and what to do about it. */
final class KqueueRefusal {

  private KqueueRefusal() {}

  /** Whether what is refused so may be left to another mechanism. */
  static boolean leavesToOthers(int errno) {
    return errno == Errno.EINVAL
        || errno == Errno.ENODEV
        || errno == Errno.EPERM
        || errno == Errno.EOPNOTSUPP;
  }

  /** What an error of a change means, where the system's words mislead; or null. */
  static @Nullable String meaning(int errno, int fd, int queue) {
    return errno == Errno.EINVAL && fd == queue ? "a queue can't watch itself" : null;
  }

  /** What to do about an error of a change, or null. */
  static @Nullable String advice(int errno, int fd, int queue) {
    // NetBSD says EBADF for want of a reader.
    if (errno == Errno.EPIPE || (errno == Errno.EBADF && Descriptors.isOpen(fd))) {
      return Descriptors.isReadOnly(fd)
          ? "it is open for reading alone: nothing can be written to it"
          : "its other end is closed: a write fails at once";
    }
    if (!leavesToOthers(errno) || fd == queue) {
      return null;
    }
    int kind = Descriptors.kind(fd);
    return kind == Descriptors.REGULAR_FILE
        ? "it is a regular file, which is always ready for what kqueue does not watch it for; a"
            + " DefaultSelector or PollSelector takes it"
        : kind == Descriptors.DIRECTORY
            ? "it is a directory: reading won't do either"
            : "kqueue can't watch this device, nor may poll: use a DefaultSelector or"
                + " SelectSelector";
  }
}
