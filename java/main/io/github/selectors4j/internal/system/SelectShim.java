package io.github.selectors4j.internal.system;

import io.github.selectors4j.internal.loading.NativeLibrary;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** select(2), over {@code native/select.c}. */
public final class SelectShim {

  private static final boolean BOUND = NativeLibrary.bind(SelectShim.class);

  private SelectShim() {}

  /** Throws unless this platform has select. */
  public static void require() {
    if (!BOUND) {
      throw SystemCalls.unbound("select");
    }
  }

  /**
   * Waits as pselect(2).
   *
   * @param bits what the sets' bits stand for
   * @param limit one more than the highest bit to look at
   * @param timeoutNanos negative waits for ever
   * @return how many bits are set in the results, or {@code -errno}: then the results are undefined
   */
  public static int await(Sets sets, SetBits bits, int limit, long timeoutNanos) {
    try {
      return wait(sets.memory.address, sets.bytes, bits.address(), limit, timeoutNanos);
    } finally {
      Reference.reachabilityFence(sets);
      Reference.reachabilityFence(bits);
    }
  }

  /**
   * Three sets of descriptors to watch, and three for what is found. A set is a sequence of 64-bit
   * words, bit 0 being the least of the first: the layout of every system's {@code fd_set} but
   * Windows's, for those that are not both big-endian and 32-bit. {@link SetBits} tells which
   * descriptor a bit stands for.
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

    /** Empty sets of that many bits, and perhaps more. */
    public Sets(int size) {
      bytes = Math.multiplyExact(words(size), Long.BYTES);
      memory = new DirectMemory(Math.multiplyExact(bytes, 2 * READY));
      buffer = memory.buffer;
    }

    /** The same sets, of that many bits. */
    public Sets grown(int size) {
      Sets larger = new Sets(size);
      for (int set = READ; set <= EXCEPT; set++) {
        larger.buffer.put(set * larger.bytes, buffer, set * bytes, bytes);
      }
      return larger;
    }

    /** How many bits there are. */
    public int capacity() {
      return bytes * Byte.SIZE;
    }

    /** How many words hold that many bits. */
    public static int words(int size) {
      return (int) (((long) size + Long.SIZE - 1) / Long.SIZE);
    }

    /** Watches what a bit stands for, or does no longer. */
    public void set(int set, int bit, boolean watched) {
      int offset = set * bytes + bit / Long.SIZE * Long.BYTES;
      long mask = 1L << bit;
      long word = buffer.getLong(offset);
      buffer.putLong(offset, watched ? word | mask : word & ~mask);
    }

    /** The bits {@code 64 * word} to {@code 64 * word + 63} of what is watched. */
    public long watched(int set, int word) {
      return buffer.getLong(set * bytes + word * Long.BYTES);
    }

    /** Those that were found ready. */
    public long ready(int set, int word) {
      return watched(READY + set, word);
    }

    /** Whether what a bit stands for was found ready. */
    public boolean isReady(int set, int bit) {
      return (ready(set, bit / Long.SIZE) & 1L << bit) != 0;
    }
  }

  private static native int wait(long sets, int bytes, long descriptors, int limit, long nanos);
}
