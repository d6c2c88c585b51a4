package io.github.selectors4j.internal.transferring;

import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.IoShim;
import io.github.selectors4j.internal.system.IoVector;
import io.github.selectors4j.internal.system.PollShim;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * The calls that read, or those that write, and what their results mean. A call that may have to
 * wait is made so that it can't, if the file lets it; else only once poll(2) says that it is ready.
 */
public final class Direction {

  /** What is returned in place of a count: it would block. */
  public static final int WOULD_BLOCK = -1;

  /** In place of a result: the call is to be made another way. */
  private static final int ANOTHER_WAY = Integer.MIN_VALUE;

  /** The most that goes through the kept buffer at once. */
  private static final int PIECE = 64 * 1024;

  private static final int SMALLEST_PIECE = 4096;

  /** Linux never takes more at once, and some systems refuse more than an int holds. */
  private static final int MOST_AT_ONCE = 0x7ffff000;

  private static final int MOST_PIECES = 1024;

  final Turn turn;

  private final OpenFile file;
  private final boolean isWriting;
  private final int events;
  private final int pollEvents;

  /** As IoShim has it. Both are written with the turn held, as a rule once. */
  private int how;

  /** Whether the file is asked whether it is ready before each call, which might block. */
  private boolean asks;

  /** What stands in for heap buffers, with the turn held. */
  private @Nullable ByteBuffer kept;

  private @Nullable IoVector vector;

  Direction(OpenFile file, int events) {
    this.file = file;
    this.events = events;
    turn = new Turn(file);
    isWriting = events == Events.WRITE;
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
              : once(buffer, null, offset, length, isBlocking);
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
      result = once(null, buffers, first, count, isBlocking);
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
      result = once(null, null, 0, 0, isBlocking);
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
    int most = isDirect || file.hasMessages ? MOST_AT_ONCE : PIECE;
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
    Turn.Bias acquired = turn.acquire();
    try {
      return asks ? ANOTHER_WAY : call(buffer, offset, length);
    } finally {
      turn.release(acquired);
    }
  }

  private int once(
      @Nullable ByteBuffer buffer,
      ByteBuffer @Nullable [] buffers,
      int offset,
      int length,
      boolean isBlocking)
      throws IOException {
    boolean isAccepting = buffer == null && buffers == null;
    boolean isAsking = asks || isAccepting;
    boolean isInterruptible =
        isBlocking && (isAsking || file.isAlwaysReady || Thread.currentThread().isInterrupted());
    int result = -Errno.EINTR;
    file.begin(isInterruptible);
    try {
      Turn.Bias acquired = turn.acquire();
      try {
        int ready = isAsking ? ask(isAccepting) : 1;
        if (asks && !isAsking) {
          result = ANOTHER_WAY; // found out by another thread meanwhile
        } else if (ready <= 0) {
          result = ready == 0 ? -Errno.EAGAIN : ready;
        } else if (buffer != null) {
          result = one(buffer, offset, Math.min(length, most(buffer.isDirect())));
        } else if (buffers != null) {
          result = several(buffers, offset, length);
        } else {
          result = IoShim.accept(file.fd);
        }
      } finally {
        turn.release(acquired);
      }
    } finally {
      file.end(isInterruptible, result != -Errno.EINTR);
    }
    return result;
  }

  /**
   * Whether the file is ready: positive, 0, or {@code -EINTR}. What is said against asking, the
   * call itself is to say.
   */
  private int ask(boolean isAccepting) {
    int ready = IoShim.poll(file.fd, pollEvents);
    boolean isToCall =
        ready == 0
            ? isAccepting && !(file.isSocket && IoShim.mayListen(file.fd))
            : ready != -Errno.EINTR;
    return isToCall ? 1 : ready;
  }

  private int one(ByteBuffer buffer, int offset, int length) {
    if (buffer.isDirect()) {
      return call(buffer, offset, length);
    }
    ByteBuffer room = room(length);
    if (isWriting) {
      room.put(0, buffer, offset, length);
      return call(room, 0, length);
    }
    int result = call(room, 0, length);
    if (result > 0) {
      buffer.put(offset, room, 0, result);
    }
    return result;
  }

  private int call(ByteBuffer direct, int offset, int length) {
    return checked(
        isWriting
            ? IoShim.write(how, file.fd, direct, offset, length)
            : IoShim.read(how, file.fd, direct, offset, length));
  }

  private int several(ByteBuffer[] buffers, int first, int count) {
    IoVector pieces = vector;
    if (pieces == null) {
      pieces = vector = new IoVector(Math.min(IoShim.IOV_MAX, MOST_PIECES));
    }
    // Each call is a message of its own.
    boolean isAllCopied = file.hasMessages && count > pieces.capacity();
    int copiedBytes = 0;
    for (int i = first; i < first + count; i++) {
      if (isAllCopied || !buffers[i].isDirect()) {
        copiedBytes = saturate(copiedBytes, buffers[i].remaining());
      }
    }
    ByteBuffer room = room(Math.min(copiedBytes, most(false)));
    int used = 0;
    int run = -1;
    int left = most(true);
    int number = 0;
    for (int i = first; i < first + count && number < pieces.capacity() && left > 0; i++) {
      ByteBuffer buffer = buffers[i];
      int length = Math.min(left, buffer.remaining());
      if (length == 0) {
        continue;
      }
      if (!isAllCopied && buffer.isDirect()) {
        pieces.set(number++, buffer, buffer.position(), length);
        run = -1;
      } else {
        length = Math.min(length, room.capacity() - used);
        if (isWriting) {
          room.put(used, buffer, buffer.position(), length);
        }
        if (run < 0) {
          run = used;
          number++;
        }
        used += length;
        pieces.set(number - 1, room, run, used - run);
        if (used == room.capacity()) {
          break;
        }
      }
      left -= length;
    }
    try {
      int result =
          checked(
              isWriting ? pieces.write(how, file.fd, number) : pieces.read(how, file.fd, number));
      advance(buffers, first, first + count, result, isAllCopied, room);
      return result;
    } finally {
      Reference.reachabilityFence(buffers);
    }
  }

  private static int saturate(int one, int other) {
    return Math.min(MOST_AT_ONCE - one, other) + one;
  }

  /** Who names the same buffer twice may have more transferred than the positions can tell. */
  private void advance(
      ByteBuffer[] buffers, int first, int end, int done, boolean isAllCopied, ByteBuffer room) {
    int used = 0;
    int left = done;
    for (int i = first; left > 0 && i < end; i++) {
      ByteBuffer buffer = buffers[i];
      int length = Math.min(left, buffer.remaining());
      if (!isWriting && (isAllCopied || !buffer.isDirect())) {
        buffer.put(buffer.position(), room, used, length);
        used += length;
      }
      buffer.position(buffer.position() + length);
      left -= length;
    }
  }

  private ByteBuffer room(int length) {
    ByteBuffer room = kept;
    if (room == null || room.capacity() < length) {
      int rounded = Integer.highestOneBit(Math.max(length, SMALLEST_PIECE) - 1) << 1;
      room = kept = ByteBuffer.allocateDirect(rounded > 0 ? rounded : length);
    }
    return room;
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
