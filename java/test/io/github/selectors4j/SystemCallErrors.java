package io.github.selectors4j;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What each system call of the shims may fail with, by the section ERRORS of its manual page: on
 * Linux (man-pages 6.03); of kqueue(2) on FreeBSD 14, NetBSD 10, OpenBSD 7 or macOS 14; of
 * /dev/poll on illumos (poll(4D), open(2), write(2), ioctl(2)). Left out is what the shims' own
 * arguments rule out: locks (fcntl), notification pipes (pipe2's ENOPKG), STREAMS and remote files.
 */
public final class SystemCallErrors {
  private static final List<String> KEVENT =
      List.of(
          "EACCES", "EBADF", "EFAULT", "EINTR", "EINVAL", "ENOENT", "ENOMEM", "ENOTSUP", "ESRCH");

  private static final List<String> WRITING_A_SET =
      List.of(
          "EACCES", "EAGAIN", "EBADF", "EFAULT", "EFBIG", "EINTR", "EINVAL", "EIO", "ENOMEM",
          "ENOSPC", "ENXIO");

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
          entry("fcntl(F_DUPFD)", List.of("EBADF", "EINVAL", "EMFILE")),
          entry("fcntl(F_DUPFD_CLOEXEC)", List.of("EBADF", "EINVAL", "EMFILE")),
          entry("fcntl(F_GETFL)", List.of("EBADF")),
          entry("fcntl(F_SETFD)", List.of("EBADF")),
          entry("fcntl(F_SETFL)", List.of("EBADF", "EPERM")),
          // membarrier(2)
          entry("membarrier", List.of("EINVAL", "ENOSYS", "EPERM")),
          // kqueue(2); EOPNOTSUPP of NetBSD is ENOTSUP here
          entry("kqueue", List.of("EMFILE", "ENFILE", "ENOMEM")),
          entry("kevent", KEVENT),
          entry("kevent(ADD)", KEVENT),
          entry("kevent(DELETE)", KEVENT),
          // The same in the answer to a change; and what the filters of pipes (EPIPE) and of
          // devices say
          entry("EV_ERROR(ADD)", answering("ENODEV", "ENOMEM", "ENOTSUP", "EPERM", "EPIPE")),
          entry("EV_ERROR(DELETE)", answering()),
          entry("EV_ERROR(ENABLE)", answering()),
          // open(2) of /dev/poll
          entry(
              "open(/dev/poll)",
              List.of(
                  "EACCES", "EAGAIN", "EFAULT", "EINTR", "EINVAL", "EIO", "ELOOP", "EMFILE",
                  "ENFILE", "ENODEV", "ENOENT", "ENOMEM", "ENOTDIR", "ENXIO", "EPERM", "EROFS")),
          // write(2), poll(4D)
          entry("pwrite", WRITING_A_SET),
          entry("pwrite(POLLREMOVE)", WRITING_A_SET),
          // ioctl(2), poll(4D)
          entry(
              "ioctl(DP_POLL)",
              List.of("EACCES", "EBADF", "EFAULT", "EINTR", "EINVAL", "EIO", "ENOMEM", "ENXIO")),
          // pidfd_open(2); and the same as for epoll_pwait2
          entry(
              "pidfd_open",
              List.of(
                  "EINVAL", "EMFILE", "ENFILE", "ENODEV", "ENOMEM", "ESRCH", "ENOSYS", "EPERM")),
          // pipe(2)
          entry("pipe", List.of("EFAULT", "EMFILE", "ENFILE", "ENOMEM")),
          entry("pipe2", List.of("EFAULT", "EINVAL", "EMFILE", "ENFILE")),
          // poll(2); and the same for ppoll as for epoll_pwait2
          entry("poll", List.of("EFAULT", "EINTR", "EINVAL", "ENOMEM")),
          entry("ppoll", List.of("EFAULT", "EINTR", "EINVAL", "ENOMEM", "ENOSYS", "EPERM")),
          // select(2)
          entry("pselect", List.of("EBADF", "EINTR", "EINVAL", "ENOMEM")),
          // read(2)
          entry("read", List.of("EAGAIN", "EBADF", "EFAULT", "EINTR", "EINVAL", "EIO", "EISDIR")),
          // socketpair(2)
          entry(
              "socketpair",
              List.of(
                  "EAFNOSUPPORT",
                  "EFAULT",
                  "EMFILE",
                  "ENFILE",
                  "ENOBUFS",
                  "ENOMEM",
                  "EPROTONOSUPPORT")),
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

  /** Those of the calls that channels make for their users, who are told all but two of them. */
  public static final Map<String, List<String>> OF_CHANNELS =
      Map.ofEntries(
          // accept(2); ECONNABORTED is of a connection that is gone
          entry(
              "accept4",
              List.of("EAGAIN", "ECONNABORTED", "EINTR", "EINVAL", "EMFILE", "ENFILE", "ENOBUFS")),
          // readv(2); what else preadv2 says is that it can't be used
          entry("preadv2", List.of("EAGAIN", "EINTR", "EINVAL", "EIO", "EISDIR")),
          entry("readv", List.of("EAGAIN", "EINTR", "EINVAL", "EIO", "EISDIR")),
          entry("pwritev2", List.of("EAGAIN", "EFBIG", "EINTR", "EINVAL", "EIO", "ENOSPC")),
          entry("writev", List.of("EAGAIN", "EFBIG", "EINTR", "EINVAL", "EIO", "ENOSPC")),
          // recv(2), send(2)
          entry("recv", List.of("EAGAIN", "ECONNREFUSED", "EINTR", "EINVAL", "ENOMEM")),
          entry("recvmsg", List.of("EAGAIN", "ECONNREFUSED", "EINTR", "EINVAL", "ENOMEM")),
          entry("send", List.of("EAGAIN", "ECONNRESET", "EINTR", "EINVAL", "ENOBUFS")),
          entry("sendmsg", List.of("EAGAIN", "ECONNRESET", "EINTR", "EINVAL", "ENOBUFS")));

  private SystemCallErrors() {}

  private static List<String> changing(String... more) {
    List<String> errors = new ArrayList<>(List.of("EBADF", "EINVAL", "ENOMEM", "EPERM"));
    errors.addAll(List.of(more));
    return List.copyOf(errors);
  }

  private static List<String> answering(String... more) {
    List<String> errors = new ArrayList<>(List.of("EACCES", "EBADF", "EINVAL", "ENOENT", "ESRCH"));
    errors.addAll(List.of(more));
    return List.copyOf(errors);
  }
}
