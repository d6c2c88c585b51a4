package io.github.selectors4j.internal.system;

import java.nio.ByteBuffer;

/** An array of {@code struct iovec}: the pieces of memory that one call reads or writes. */
public final class IoVector {

  private static final int SIZE = IoShim.value("sizeof");
  private static final int BASE = IoShim.value("iov_base");
  private static final int LENGTH = IoShim.value("iov_len");

  /** Whether a pointer has but 32 bits. */
  private static final boolean IS_NARROW = SIZE == 2 * Integer.BYTES;

  private final DirectMemory memory;

  /** Room for that many pieces. */
  public IoVector(int capacity) {
    memory = new DirectMemory(Math.multiplyExact(capacity, SIZE));
  }

  /** How many pieces fit. */
  public int capacity() {
    return memory.buffer.capacity() / SIZE;
  }

  /** Names a part of a direct buffer, which the caller keeps reachable. */
  public void set(int index, ByteBuffer buffer, int offset, int length) {
    long base = DirectMemory.address(buffer) + offset;
    if (IS_NARROW) {
      memory.buffer.putInt(index * SIZE + BASE, (int) base);
      memory.buffer.putInt(index * SIZE + LENGTH, length);
    } else {
      memory.buffer.putLong(index * SIZE + BASE, base);
      memory.buffer.putLong(index * SIZE + LENGTH, length);
    }
  }

  /** Reads into the first pieces: see {@link IoShim#read}. */
  public int read(int how, int fd, int count) {
    return IoShim.readVector(how, fd, memory.address, count);
  }

  /** Writes the first pieces. */
  public int write(int how, int fd, int count) {
    return IoShim.writeVector(how, fd, memory.address, count);
  }
}
