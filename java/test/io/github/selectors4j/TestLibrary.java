package io.github.selectors4j;

import java.util.Arrays;
import java.util.Objects;

/**
 * System calls for the tests, from the test-only native library {@code native/test/testlib.c}: the
 * descriptors that no class of the JDK makes, and what only a process can do to itself.
 *
 * <p>Every native method makes the call of its name and returns the result, or {@code -errno}.
 * Every descriptor it opens is close-on-exec. {@link #check} turns an error into a failed test.
 */
public final class TestLibrary {
  static {
    System.load(
        Objects.requireNonNull(
            System.getProperty("selectors4j.test.library"), "-Dselectors4j.test.library is unset"));
  }

  public static final int EAGAIN = 11;
  public static final int EBADF = 9;
  public static final int ESRCH = 3;

  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_CREAT = 0100;
  public static final int O_NONBLOCK = 04000;
  public static final int O_CLOEXEC = 02000000;
  public static final int O_PATH = 010000000;
  public static final int FD_CLOEXEC = 1;

  public static final int SHUT_RD = 0;
  public static final int SHUT_WR = 1;
  public static final int SHUT_RDWR = 2;

  public static final int POLLIN = 1;
  public static final int POLLPRI = 2;
  public static final int POLLOUT = 4;
  public static final int POLLERR = 8;
  public static final int POLLHUP = 16;

  /** The other end has ended, or one's own was shut down for reading; Linux only. */
  public static final int POLLRDHUP = 0x2000;

  public static final int POLLNVAL = 32;

  public static final int SIGUSR1 = 10;
  public static final int SIGUSR2 = 12;

  public static final int IN_CREATE = 0x100;

  private TestLibrary() {}

  /** Fills in the read end, then the write end. */
  public static native int pipe(int[] pair);

  /** Fills in two connected Unix-domain stream sockets. */
  public static native int socketpair(int[] pair);

  /** Fills in two sockets that are connected by TCP, and send each message at once. */
  public static native int tcpPair(int[] pair);

  /** How many bytes there are to read. */
  public static native int available(int fd);

  /** Fills in the master, then the slave of a terminal in raw mode. */
  public static native int openpty(int[] pair);

  public static native int eventfd(int count);

  public static native int timerfd();

  /** Expires once, {@code nanos} nanoseconds from now; zero disarms. */
  public static native int timerfdArm(int fd, long nanos);

  public static native int inotify();

  public static native int inotifyAddWatch(int fd, String path, int mask);

  public static native int signalfd(int signal);

  public static native int pidfdOpen(long pid);

  /** A POSIX message queue for {@code messages} of one byte; the name begins with a slash. */
  public static native int mqOpen(String name, int flags, int messages);

  public static native int mqUnlink(String name);

  /** Sends one byte. */
  public static native int mqSend(int queue);

  /** Receives one byte. */
  public static native int mqReceive(int queue);

  public static native int mkfifo(String path);

  public static native int open(String path, int flags);

  public static native int close(int fd);

  public static native int dup(int fd);

  public static native int dup2(int fd, int onto);

  /** Reads at most {@code length} bytes and at most 4096. */
  public static native int read(int fd, byte[] bytes, int length);

  /** Writes at most {@code length} bytes and at most 4096. */
  public static native int write(int fd, byte[] bytes, int length);

  /** How many bytes there have to be before a socket counts as readable. */
  public static native int setsockoptRcvlowat(int fd, int bytes);

  public static native int shutdown(int fd, int how);

  /** Sends one byte of urgent data. */
  public static native int sendUrgent(int fd);

  /** Takes the byte of urgent data that is there. */
  public static native int receiveUrgent(int fd);

  /** The descriptor's flags: {@link #FD_CLOEXEC} or none. */
  public static native int getFd(int fd);

  public static native int setFd(int fd, int flags);

  /** The open file's flags, {@link #O_NONBLOCK} among them. */
  public static native int getFl(int fd);

  public static native int setFl(int fd, int flags);

  /** Returns {@code revents}. */
  public static native int poll(int fd, int events, int timeoutMillis);

  /**
   * Forks, runs {@code ls -l} in the child with its output to a descriptor, and returns its status.
   * The child inherits what is not close-on-exec.
   */
  public static native int execLs(String path, int out);

  /** The calling thread, for {@link #pthreadKill}; valid while the thread lives. */
  public static native long threadSelf();

  public static native int pthreadKill(long thread, int signal);

  /**
   * Has other processes hardly delay the calling thread, for as long as it lives; {@code -EPERM}
   * without the privilege.
   */
  public static native int runInRealTime();

  /** Installs a handler that counts, without {@code SA_RESTART}. */
  public static native int installHandler(int signal);

  /** How often a handler of {@link #installHandler} ran in this process. */
  public static native int signalsHandled();

  /** Blocks the signal in the calling thread, as {@code signalfd} wants it. */
  public static native int blockSignal(int signal);

  public static native int unblockSignal(int signal);

  /**
   * What a select is compared with: epoll_wait(2) on a set, again after each signal with what is
   * left of the timeout. Returns the nanoseconds that it took.
   */
  public static native long waitOutEpoll(int epfd, long nanos);

  /** The same with ppoll(2) on an idle descriptor. */
  public static native long waitOutPoll(int fd, long nanos);

  /** The same with pselect(2) on an idle descriptor below {@code FD_SETSIZE}. */
  public static native long waitOutSelect(int fd, long nanos);

  /** The soft limit of open files ({@code RLIMIT_NOFILE}). */
  public static native long getOpenFileLimit();

  public static native int setOpenFileLimit(long soft);

  /** Returns {@code result} unless it is {@code -errno}. */
  public static int check(int result) {
    if (result < 0) {
      throw new AssertionError("a system call of the test failed: errno " + -result);
    }
    return result;
  }

  /** Reads once, at most 4096 bytes; fails on an error. Empty at the end of the stream. */
  public static byte[] read(int fd) {
    byte[] bytes = new byte[4096];
    return Arrays.copyOf(bytes, check(read(fd, bytes, bytes.length)));
  }

  /** Writes all of at most 4096 bytes; fails on an error. */
  public static void write(int fd, byte... bytes) {
    if (check(write(fd, bytes, bytes.length)) != bytes.length) {
      throw new AssertionError("fd " + fd + " took only a part of " + bytes.length + " bytes");
    }
  }
}
