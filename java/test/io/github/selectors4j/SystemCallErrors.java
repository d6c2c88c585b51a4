package io.github.selectors4j;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What each system call of the shims may fail with, by the section ERRORS of its manual page on
 * Linux (man-pages 6.03), but for what the shims' own arguments rule out: locks (fcntl) and
 * notification pipes (pipe2's ENOPKG).
 */
final class SystemCallErrors {
  static final Map<String, List<String>> OF =
      Map.ofEntries(
          // close(2)
          entry("close", List.of("EBADF", "EINTR", "EIO", "ENOSPC", "EDQUOT")),
          // dup(2)
          entry("dup3", List.of("EBADF", "EBUSY", "EINTR", "EINVAL", "EMFILE")),
          // epoll_create(2)
          entry("epoll_create1", List.of("EINVAL", "EMFILE", "ENFILE", "ENOMEM")),
          // epoll_ctl(2)
          entry("epoll_ctl(ADD)", changing("EEXIST", "ELOOP", "ENOSPC")),
          entry("epoll_ctl(MOD)", changing("ENOENT")),
          entry("epoll_ctl(DEL)", changing("ENOENT")),
          // epoll_wait(2); seccomp(2) as containers use it adds EPERM, and an older kernel ENOSYS
          entry("epoll_wait", List.of("EBADF", "EFAULT", "EINTR", "EINVAL")),
          entry("epoll_pwait2", List.of("EBADF", "EFAULT", "EINTR", "EINVAL", "ENOSYS", "EPERM")),
          // eventfd(2)
          entry("eventfd", List.of("EINVAL", "EMFILE", "ENFILE", "ENODEV", "ENOMEM")),
          // fcntl(2)
          entry("fcntl(F_DUPFD_CLOEXEC)", List.of("EBADF", "EINVAL", "EMFILE")),
          entry("fcntl(F_GETFD)", List.of("EBADF")),
          // membarrier(2)
          entry("membarrier", List.of("EINVAL", "ENOSYS", "EPERM")),
          // pipe(2)
          entry("pipe2", List.of("EFAULT", "EINVAL", "EMFILE", "ENFILE")),
          // poll(2); and the same for ppoll as for epoll_pwait2
          entry("poll", List.of("EFAULT", "EINTR", "EINVAL", "ENOMEM")),
          entry("ppoll", List.of("EFAULT", "EINTR", "EINVAL", "ENOMEM", "ENOSYS", "EPERM")),
          // select(2)
          entry("pselect", List.of("EBADF", "EINTR", "EINVAL", "ENOMEM")),
          // read(2)
          entry("read", List.of("EAGAIN", "EBADF", "EFAULT", "EINTR", "EINVAL", "EIO", "EISDIR")),
          // write(2)
          entry(
              "write",
              List.of(
                  "EAGAIN",
                  "EBADF",
                  "EDESTADDRREQ",
                  "EDQUOT",
                  "EFAULT",
                  "EFBIG",
                  "EINTR",
                  "EINVAL",
                  "EIO",
                  "ENOSPC",
                  "EPERM",
                  "EPIPE")));

  private SystemCallErrors() {}

  private static List<String> changing(String... more) {
    List<String> errors = new ArrayList<>(List.of("EBADF", "EINVAL", "ENOMEM", "EPERM"));
    errors.addAll(List.of(more));
    return List.copyOf(errors);
  }
}
