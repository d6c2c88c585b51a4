package io.github.selectors4j.internal.transferring;

import io.github.selectors4j.internal.system.IoShim;
import io.github.selectors4j.internal.system.IoVector;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The calls that read from a file, or those that write to it, with buffers of any kind: direct
 * memory, which is kept, stands in for what is on the heap. For who has the turn; each returns what
 * its call did, {@code -errno} included.
 */
final class Calls {

  private static final int SMALLEST_ROOM = 4096;

  /** Linux never takes more at once, and some systems refuse more than an int holds. */
  static final int MOST_AT_ONCE = 0x7ffff000;

  private static final int MOST_PIECES = 1024;

  private final int fd;
  private final boolean isWriting;

  /** Whether each call takes a message, and splitting one would make two. */
  private final boolean hasMessages;

  private @Nullable ByteBuffer kept;
  private @Nullable IoVector vector;

  Calls(OpenFile file, boolean isWriting) {
    fd = file.fd;
    hasMessages = file.hasMessages;
    this.isWriting = isWriting;
  }

  /** One with direct memory. */
  int direct(int how, ByteBuffer direct, int offset, int length) {
    return isWriting
        ? IoShim.write(how, fd, direct, offset, length)
        : IoShim.read(how, fd, direct, offset, length);
  }

  /** One with a buffer of either kind. */
  int one(int how, ByteBuffer buffer, int offset, int length) {
    if (buffer.isDirect()) {
      return direct(how, buffer, offset, length);
    }
    ByteBuffer room = room(length);
    if (isWriting) {
      room.put(0, buffer, offset, length);
      return direct(how, room, 0, length);
    }
    int result = direct(how, room, 0, length);
    if (result > 0) {
      buffer.put(offset, room, 0, result);
    }
    return result;
  }

  /**
   * One with the remaining bytes of several buffers, whose positions it advances.
   *
   * @param most how many bytes it takes at most
   * @param mostCopied how many of those on the heap
   */
  int several(int how, ByteBuffer[] buffers, int first, int count, int most, int mostCopied) {
    IoVector pieces = vector;
    if (pieces == null) {
      pieces = vector = new IoVector(Math.min(IoShim.IOV_MAX, MOST_PIECES));
    }
    // Each call is a message of its own.
    boolean isAllCopied = hasMessages && count > pieces.capacity();
    int copiedBytes = 0;
    for (int i = first; i < first + count; i++) {
      if (isAllCopied || !buffers[i].isDirect()) {
        copiedBytes = saturate(copiedBytes, buffers[i].remaining());
      }
    }
    ByteBuffer room = room(Math.min(copiedBytes, mostCopied));
    int used = 0;
    int run = -1;
    int left = most;
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
      int result = isWriting ? pieces.write(how, fd, number) : pieces.read(how, fd, number);
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
      int rounded = Integer.highestOneBit(Math.max(length, SMALLEST_ROOM) - 1) << 1;
      room = kept = ByteBuffer.allocateDirect(rounded > 0 ? rounded : length);
    }
    return room;
  }
}
