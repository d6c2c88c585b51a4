package io.github.selectors4j.internal.transferring;

import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.IoShim;
import io.github.selectors4j.internal.system.PollShim;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;

/**
 * Reading, or writing: when a call is made, and what its result means. A call that may have to wait
 * is made so that it can't, if the file lets it; else only once poll(2) says that it is ready.
 */
public final class Direction {

  /** What is returned in place of a count: it would block. */
  public static final int WOULD_BLOCK = -1;

  /** In place of a result: the call is to be made another way. */
  private static final int ANOTHER_WAY = Integer.MIN_VALUE;

  /** The most that goes through the kept buffer at once. */
  private static final int PIECE = 64 * 1024;

  final Turn turn;

  private final OpenFile file;
  private final boolean isWriting;
  private final int events;
  private final int pollEvents;

  /** As IoShim has it. Both are written with the turn held, as a rule once. */
  private int how;

  /** Whether the file is asked whether it is ready before each call, which might block, or lie. */
  private boolean asks;

  /** With the turn held. */
  private final Calls calls;

  Direction(OpenFile file, int events) {
    this.file = file;
    this.events = events;
    turn = new Turn(file);
    isWriting = events == Events.WRITE;
    calls = new Calls(file, isWriting);
    pollEvents = isWriting ? PollShim.value("POLLOUT") : PollShim.NORMAL_DATA;
    if (file.isSocket) {
      how = IoShim.SOCKET;
      asks = !IoShim.HAS_DONTWAIT;
    } else {
      // What is open for the other direction alone is refused at once, and would never be ready.
      boolean isRefused =
          isWriting ? Descriptors.isReadOnly(file.fd) : Descriptors.isWriteOnly(file.fd);
      boolean cannotBlock = file.isNonBlocking || file.isAlwaysReady || isRefused;
      how = cannotBlock ? IoShim.PLAIN : IoShim.NOWAIT;
      // With VMIN and VTIME 0, a terminal reads 0 bytes when there are none yet, as at its end.
      asks = !isWriting && !isRefused && file.isNonBlocking && file.isCharacterDevice;
    }
  }

  /**
   * Reads or writes once.
   *
   * @return how many bytes; 0 at the end; {@link #WOULD_BLOCK}
   */
  public int transfer(ByteBuffer buffer, int offset, int length, boolean isBlocking)
      throws IOException {
    if (length > 0) {
      requireMemory(buffer, offset);
    }
    int result;
    do {
      result =
          isQuick(isBlocking) && buffer.isDirect()
              ? quickly(buffer, offset, length)
              : once(buffer, offset, length, isBlocking);
    } while (result < 0 && isToRepeat(result, isBlocking, name()));
    return result < 0 ? WOULD_BLOCK : result;
  }

  /** The same with the remaining bytes of several buffers, whose positions it advances. */
  public int transfer(ByteBuffer[] buffers, int first, int count, boolean isBlocking)
      throws IOException {
    for (int i = first; i < first + count; i++) {
      if (buffers[i].hasRemaining()) {
        requireMemory(buffers[i], buffers[i].position());
      }
    }
    int result;
    do {
      result = once(buffers, first, count, isBlocking);
    } while (result < 0 && isToRepeat(result, isBlocking, name()));
    return result < 0 ? WOULD_BLOCK : result;
  }

  /**
   * Accepts a connection.
   *
   * @return its descriptor, or {@link #WOULD_BLOCK}
   */
  public int accept(boolean isBlocking) throws IOException {
    int result;
    do {
      result = acceptOnce(isBlocking);
    } while (result < 0
        && (result == -Errno.ECONNABORTED || isToRepeat(result, isBlocking, "accept")));
    return result < 0 ? WOULD_BLOCK : result;
  }

  /** A buffer may be an Arena's that is closed, or another thread's: an access of Java's tells. */
  @SuppressWarnings("CheckReturnValue")
  private static void requireMemory(ByteBuffer buffer, int offset) {
    buffer.get(offset);
  }

  /** The most that one call takes, of a buffer that is or isn't direct. */
  public int most(boolean isDirect) {
    int most = isDirect || file.hasMessages ? Calls.MOST_AT_ONCE : PIECE;
    return isWriting && asks && !file.hasMessages ? Math.min(most, IoShim.PIPE_BUF) : most;
  }

  private String name() {
    return isWriting ? "write" : "read";
  }

  /** Whether a call can't block, or what it does then is nobody's business. */
  private boolean isQuick(boolean isBlocking) {
    return !asks && !(isBlocking && (file.isAlwaysReady || Thread.currentThread().isInterrupted()));
  }

  /** What is left of {@link #once} then, with a direct buffer. */
  private int quickly(ByteBuffer buffer, int offset, int length) throws ClosedChannelException {
    Turn.Holder acquired = turn.acquire();
    try {
      return asks ? ANOTHER_WAY : checked(calls.direct(how, buffer, offset, length));
    } finally {
      turn.release(acquired);
    }
  }

  private int once(ByteBuffer buffer, int offset, int length, boolean isBlocking)
      throws IOException {
    boolean isAsking = asks;
    boolean isInterruptible = isInterruptible(isBlocking, isAsking);
    Turn.Holder acquired = enter(isInterruptible);
    int result = -Errno.EINTR;
    try {
      int ready = ready(isAsking);
      int most = Math.min(length, most(buffer.isDirect()));
      result = ready > 0 ? checked(calls.one(how, buffer, offset, most)) : ready;
    } finally {
      leave(acquired, isInterruptible, result);
    }
    return result;
  }

  private int once(ByteBuffer[] buffers, int first, int count, boolean isBlocking)
      throws IOException {
    boolean isAsking = asks;
    boolean isInterruptible = isInterruptible(isBlocking, isAsking);
    Turn.Holder acquired = enter(isInterruptible);
    int result = -Errno.EINTR;
    try {
      int ready = ready(isAsking);
      result =
          ready > 0
              ? checked(calls.several(how, buffers, first, count, most(true), most(false)))
              : ready;
    } finally {
      leave(acquired, isInterruptible, result);
    }
    return result;
  }

  private int acceptOnce(boolean isBlocking) throws IOException {
    boolean isInterruptible = isInterruptible(isBlocking, true);
    Turn.Holder acquired = enter(isInterruptible);
    int result = -Errno.EINTR;
    try {
      int ready = ask();
      boolean isToAccept = ready > 0 || (ready == -Errno.EAGAIN && !mayListen());
      result = isToAccept ? IoShim.accept(file.fd) : ready;
    } finally {
      leave(acquired, isInterruptible, result);
    }
    return result;
  }

  private boolean isInterruptible(boolean isBlocking, boolean isAsking) {
    return isBlocking && (isAsking || file.isAlwaysReady || Thread.currentThread().isInterrupted());
  }

  /** Takes the turn; from here to {@link #leave} an interrupt closes the file, if it may. */
  private Turn.Holder enter(boolean isInterruptible) throws IOException {
    Turn.Holder acquired = null;
    file.begin(isInterruptible);
    try {
      acquired = turn.acquire();
      return acquired;
    } finally {
      if (acquired == null) {
        file.end(isInterruptible, false);
      }
    }
  }

  private void leave(Turn.Holder acquired, boolean isInterruptible, int result)
      throws AsynchronousCloseException {
    turn.release(acquired);
    file.end(isInterruptible, result != -Errno.EINTR);
  }

  /** Whether the call is to be made: positive; or else what stands for its result. */
  private int ready(boolean isAsking) {
    if (isAsking) {
      return ask();
    }
    return asks ? ANOTHER_WAY : 1; // found out by another thread meanwhile
  }

  /** What is said against asking, the call itself is to say. */
  private int ask() {
    int ready = IoShim.poll(file.fd, pollEvents);
    if (ready == 0) {
      return -Errno.EAGAIN;
    }
    return ready == -Errno.EINTR ? ready : 1;
  }

  private boolean mayListen() {
    return file.isSocket && IoShim.mayListen(file.fd);
  }

  /** Whether a call that failed is to be made again, after a wait if need be. */
  private boolean isToRepeat(int result, boolean isBlocking, String call) throws IOException {
    if (result == -Errno.EAGAIN) {
      if (isBlocking) {
        file.await(events);
      }
      return isBlocking;
    }
    if (result == -Errno.EINTR) {
      if (!file.isOpen()) {
        throw new AsynchronousCloseException();
      }
      return true;
    }
    if (result == ANOTHER_WAY) {
      return true;
    }
    throw Errno.exception(call + "(fd " + file.fd + ")", -result);
  }

  /** Settles for asking first when the file, the kernel or a filter does not know RWF_NOWAIT. */
  private int checked(int result) {
    if (result < 0 && how == IoShim.NOWAIT && isRefusal(result)) {
      how = IoShim.PLAIN;
      asks = true;
      return ANOTHER_WAY;
    }
    return result;
  }

  /** EPERM may be the file's own: then it is found once more. */
  private static boolean isRefusal(int result) {
    return result == -Errno.EOPNOTSUPP || result == -Errno.ENOSYS || result == -Errno.EPERM;
  }
}
