package io.github.selectors4j.internal.system;

import io.github.selectors4j.internal.loading.NativeLibrary;
import java.nio.ByteBuffer;

/**
 * Reading and writing, over {@code native/io.c}. Each method makes one system call, and returns its
 * result or {@code -errno}.
 *
 * <p>A call is made in one of three ways: {@link #PLAIN}, which may block, or so that it can't, on
 * a {@link #SOCKET} or with {@link #NOWAIT}.
 */
public final class IoShim {

  private static final boolean BOUND = NativeLibrary.bind(IoShim.class);

  /** read(2) and write(2), which block as the file's own O_NONBLOCK has it. */
  public static final int PLAIN = value("PLAIN");

  /** recv(2) and send(2) with MSG_DONTWAIT. */
  public static final int SOCKET = value("SOCKET");

  /** preadv2(2) and pwritev2(2) at the file's own position, with RWF_NOWAIT. */
  public static final int NOWAIT = value("NOWAIT");

  /** Whether SOCKET is as good as its name: Windows has no MSG_DONTWAIT. */
  public static final boolean HAS_DONTWAIT = value("MSG_DONTWAIT") != 0;

  /** How much a pipe takes at once without blocking, once it is ready for writing. */
  public static final int PIPE_BUF = value("PIPE_BUF");

  /** How many pieces of memory one call takes. */
  public static final int IOV_MAX = value("IOV_MAX");

  /** The type of a socket whose bytes have no bounds between them. */
  public static final int SOCK_STREAM = value("SOCK_STREAM");

  /** The type of a socket whose messages may be empty. */
  public static final int SOCK_DGRAM = value("SOCK_DGRAM");

  private static final int SO_TYPE = value("SO_TYPE");
  private static final int SO_ACCEPTCONN = value("SO_ACCEPTCONN");
  private static final int SO_CONNECT_TIME = value("SO_CONNECT_TIME");

  static {
    if (BOUND) {
      findAddress();
    }
  }

  private IoShim() {}

  /** Throws unless the native library is there. */
  public static void require() {
    if (!BOUND) {
      throw SystemCalls.unbound("read");
    }
  }

  /** Whether a descriptor is ready: poll(2) without a wait; a count, or {@code -errno}. */
  public static int poll(int fd, int events) {
    return poll(fd, events, -1, 0);
  }

  /** The named constant, 0 where this system lacks it. */
  static int value(String name) {
    return BOUND ? (int) constant(name) : 0;
  }

  private static native long constant(String name);

  /**
   * Finds out where a direct buffer keeps the address of its memory, to be quicker from then on.
   */
  private static native boolean findAddress();

  /**
   * Reads into a direct buffer.
   *
   * @param offset where, from the buffer's beginning
   * @return how many bytes, 0 at the end, or {@code -errno}
   */
  public static native int read(int how, int fd, ByteBuffer buffer, int offset, int length);

  /** Writes from a direct buffer; returns how many bytes, or {@code -errno}. */
  public static native int write(int how, int fd, ByteBuffer buffer, int offset, int length);

  /** readv(2), or its like; {@code vector} is the address of that many {@code struct iovec}. */
  static native int readVector(int how, int fd, long vector, int count);

  /** writev(2), or its like. */
  static native int writeVector(int how, int fd, long vector, int count);

  /** Accepts a connection: its descriptor, close-on-exec, or {@code -errno}. */
  public static native int accept(int fd);

  /**
   * Waits until a descriptor is ready for some of {@code events}, as poll(2) has them, or another
   * one can be read.
   *
   * @param other negative for none
   * @param millis negative waits for ever
   * @return a count, or {@code -errno}
   */
  public static native int poll(int fd, int events, int other, int millis);

  /** The socket's type, or {@code -errno}: ENOTSOCK for all else. */
  public static int socketType(int fd) {
    return socketOption(fd, SO_TYPE);
  }

  /** Whether a socket listens, or can't tell. */
  public static boolean mayListen(int fd) {
    return socketOption(fd, SO_ACCEPTCONN) != 0;
  }

  /**
   * Whether a socket that select(2) calls exceptional has been refused its connection, of which
   * Windows tells so; elsewhere it is priority data, always.
   */
  public static boolean isRefused(int fd) {
    return SO_CONNECT_TIME != 0 && socketOption(fd, SO_CONNECT_TIME) < 0;
  }

  /** An option of SOL_SOCKET that is an int, or {@code -errno}. */
  private static native int socketOption(int fd, int option);

  /** The calling thread as the system knows it, for {@link #interrupt}. */
  public static native long thread();

  /**
   * Has a call in which that thread of this process is fail with EINTR. The thread has not ended.
   *
   * @return 0, or {@code -errno}: ENOSYS where no signal is free for that
   */
  public static native int interrupt(long thread);
}
