package io.github.selectors4j.internal;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** select(2), over {@code native/select.c}. */
public final class SelectShim {

  private static final boolean BOUND = NativeLibrary.bind(SelectShim.class);

  private SelectShim() {}

  /** Throws unless this platform has select. */
  public static void require() {
    Presence.require(BOUND, "select");
  }

  /**
   * Waits as pselect(2).
   *
   * @param descriptors one more than the highest descriptor to look at
   * @param timeoutNanos negative waits for ever
   * @return how many bits are set in the results, or {@code -errno}: then the results are undefined
   */
  public static int await(Sets sets, int descriptors, long timeoutNanos) {
    try {
      return wait(sets.memory.address, sets.bytes, descriptors, timeoutNanos);
    } finally {
      Reference.reachabilityFence(sets);
    }
  }

  /**
   * Three sets of descriptors to watch, and three for what is found. A set is a sequence of 64-bit
   * words, descriptor 0 being the least bit of the first: the layout of every system's {@code
   * fd_set}, but for those that are both big-endian and 32-bit.
   */
  public static final class Sets {
    /** Watched for reading. */
    public static final int READ = 0;

    /** Watched for writing. */
    public static final int WRITE = 1;

    /** Watched for exceptional conditions. */
    public static final int EXCEPT = 2;

    private static final int READY = 3;

    private final DirectMemory memory;
    private final ByteBuffer buffer;
    private final int bytes;

    /** Empty sets with room for that many descriptors, and perhaps more. */
    public Sets(int descriptors) {
      bytes = Math.multiplyExact(words(descriptors), Long.BYTES);
      memory = new DirectMemory(Math.multiplyExact(bytes, 2 * READY));
      buffer = memory.buffer;
    }

    /** The same sets, with room for that many descriptors. */
    public Sets grown(int descriptors) {
      Sets larger = new Sets(descriptors);
      for (int set = READ; set <= EXCEPT; set++) {
        larger.buffer.put(set * larger.bytes, buffer, set * bytes, bytes);
      }
      return larger;
    }

    /** How many descriptors fit. */
    public int capacity() {
      return bytes * Byte.SIZE;
    }

    /** How many words hold that many descriptors. */
    public static int words(int descriptors) {
      return (int) (((long) descriptors + Long.SIZE - 1) / Long.SIZE);
    }

    /** Watches a descriptor, or does no longer. */
    public void set(int set, int fd, boolean watched) {
      int offset = set * bytes + fd / Long.SIZE * Long.BYTES;
      long bit = 1L << fd;
      long word = buffer.getLong(offset);
      buffer.putLong(offset, watched ? word | bit : word & ~bit);
    }

    /** The descriptors {@code 64 * word} to {@code 64 * word + 63} that are watched, a bit each. */
    public long watched(int set, int word) {
      return buffer.getLong(set * bytes + word * Long.BYTES);
    }

    /** Those that were found ready. */
    public long ready(int set, int word) {
      return watched(READY + set, word);
    }

    /** Whether a descriptor was found ready. */
    public boolean isReady(int set, int fd) {
      return (ready(set, fd / Long.SIZE) & 1L << fd) != 0;
    }
  }

  private static native int wait(long sets, int bytes, int descriptors, long nanos);
}
