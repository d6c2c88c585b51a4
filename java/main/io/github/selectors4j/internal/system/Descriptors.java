package io.github.selectors4j.internal.system;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.loading.NativeLibrary;
import io.github.selectors4j.internal.loading.Platform;
import org.jspecify.annotations.Nullable;

/** Descriptors as such, whatever they name. */
public final class Descriptors {

  private static final boolean BOUND = NativeLibrary.bind(Descriptors.class);
  private static final boolean IS_WINDOWS = Platform.isWindows();
  private static final int O_PATH = value("O_PATH");
  private static final int O_ACCMODE = value("O_ACCMODE");
  private static final int O_RDONLY = value("O_RDONLY");
  private static final int O_WRONLY = value("O_WRONLY");
  private static final int O_NONBLOCK = value("O_NONBLOCK");
  private static final int S_IFMT = value("S_IFMT");

  /** What a descriptor may be, as {@link #kind} tells. */
  public static final int REGULAR_FILE = value("S_IFREG");

  /** A folder. */
  public static final int DIRECTORY = value("S_IFDIR");

  /** A device that is read by the byte. */
  public static final int CHARACTER_DEVICE = value("S_IFCHR");

  /** A disk. */
  public static final int BLOCK_DEVICE = value("S_IFBLK");

  /** A pipe, with a name or without. */
  public static final int PIPE = value("S_IFIFO");

  /** A socket. */
  public static final int SOCKET = value("S_IFSOCK");

  private Descriptors() {}

  /** Throws EBADF unless the descriptor is open. */
  public static void requireOpen(int fd) throws SystemCallException {
    require(flags(fd), 0, fd);
  }

  /** Throws EBADF also for what can be neither read nor waited for: see {@link #isPath}. */
  public static void requireWaitable(int fd) throws SystemCallException {
    require(flags(fd), O_PATH, fd);
  }

  /** Is asked before many a wait: the call is described if it fails. */
  private static void require(int flags, int refused, int fd) throws SystemCallException {
    if (flags < 0 || (flags & refused) != 0) {
      throw Errno.exception(describeFlags(fd), flags < 0 ? -flags : Errno.EBADF);
    }
  }

  private static String describeFlags(int fd) {
    return (IS_WINDOWS ? "getsockopt(SO_TYPE, fd " : "fcntl(F_GETFL, fd ") + fd + ")";
  }

  /** Whether the descriptor is open. */
  public static boolean isOpen(int fd) {
    return flags(fd) >= 0;
  }

  /** Whether it is open, with O_PATH: for no more than to stand for a place in the file system. */
  public static boolean isPath(int fd) {
    int flags = flags(fd);
    return flags >= 0 && (flags & O_PATH) != 0;
  }

  /** Whether it is open for reading alone. */
  public static boolean isReadOnly(int fd) {
    int flags = flags(fd);
    return flags >= 0 && (flags & O_ACCMODE) == O_RDONLY;
  }

  /** Whether it is open for writing alone. */
  public static boolean isWriteOnly(int fd) {
    int flags = flags(fd);
    return flags >= 0 && (flags & O_ACCMODE) == O_WRONLY;
  }

  /** Whether its calls don't block; false where that can't be told. */
  public static boolean isNonBlocking(int fd) {
    int flags = flags(fd);
    return flags >= 0 && (flags & O_NONBLOCK) != 0;
  }

  /** What a descriptor is, by fstat(2); 0 or another number where that is not known. */
  public static int kind(int fd) {
    int mode = mode(fd);
    return mode < 0 ? 0 : mode & S_IFMT;
  }

  /** What to do when the process has as many descriptors as it may. */
  static String fullAdvice() {
    int limit = limit();
    return limit < 0
        ? "close some descriptors"
        : "RLIMIT_NOFILE is " + limit + ": raise it (ulimit -n), or close some descriptors";
  }

  /** What to do about an error of a call that was given that many descriptors, or null. */
  public static @Nullable String limitAdvice(int errno, int count) {
    int limit = errno == Errno.EINVAL ? limit() : Integer.MAX_VALUE;
    return limit >= 0 && limit <= count
        ? "RLIMIT_NOFILE is "
            + limit
            + ", and the system takes no more descriptors at once: raise it (ulimit -n), or wait"
            + " for fewer than the "
            + count
        : null;
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

  /**
   * A pipe's write end whose reader is gone: always writable, with an error.
   *
   * @return the descriptor, the caller's to close
   */
  public static int openBroken() throws SystemCallException {
    int[] ends = new int[2];
    SystemCalls.check(pipe(ends), "pipe()");
    close(ends[0]);
    return ends[1];
  }

  /** A descriptor of a process, close-on-exec, or {@code -errno}. */
  public static native int pidfd(int pid);

  private static int value(String name) {
    return BOUND ? (int) constant(name) : 0;
  }

  private static native long constant(String name);

  /** The open file's flags, or {@code -errno}. */
  private static native int flags(int fd);

  /** The file's mode, or {@code -errno}. */
  private static native int mode(int fd);

  /**
   * The inode of a socket, by statx(2), which no other open socket has: it can't be opened a second
   * time. 0 for all else, and where the system does not tell.
   */
  public static native long socketInode(int fd);

  /** The soft limit of open files, or {@code -errno} where there is none. */
  private static native int limit();

  /** The call that makes a duplicate, for messages. */
  public static String describeDuplicate(int fd) {
    return (IS_WINDOWS ? "WSADuplicateSocket(fd " : "fcntl(F_DUPFD_CLOEXEC, fd ") + fd + ")";
  }

  /** A close-on-exec duplicate, or {@code -errno}. */
  public static native int duplicate(int fd);

  /** 0, or {@code -errno}; the number is free in either case. */
  public static native int close(int fd);

  /** Makes a pipe, close-on-exec and non-blocking: read end, write end; 0 or {@code -errno}. */
  public static native int pipe(int[] ends);
}
