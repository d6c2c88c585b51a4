package io.github.selectors4j.internal.system;

import io.github.selectors4j.internal.loading.Platform;
import java.util.BitSet;

/** Which bit of {@link SelectShim.Sets} stands for which descriptor. */
public abstract class SetBits {

  private static final SetBits NUMBERED = new Numbered();
  private static final boolean IS_WINDOWS = Platform.isWindows();

  private SetBits() {}

  /** The bits of a selector or a call. */
  public static SetBits create() {
    return IS_WINDOWS ? new Listed() : NUMBERED;
  }

  /** The bit of a descriptor, which from now on has one. */
  public abstract int assign(int fd);

  /** The descriptor that a bit stands for. */
  public abstract int descriptor(int bit);

  /** The bit may stand for another descriptor. */
  public abstract void free(int bit);

  /** Where C finds a list of the descriptors; 0 when a bit is a descriptor's number. */
  abstract long address();

  /** As select(2) has it. */
  private static final class Numbered extends SetBits {
    @Override
    public int assign(int fd) {
      return fd;
    }

    @Override
    public int descriptor(int bit) {
      return bit;
    }

    @Override
    public void free(int bit) {}

    @Override
    long address() {
      return 0;
    }
  }

  /** For the sockets of Windows, which may be any number: the first bit that is free. */
  static final class Listed extends SetBits {
    private static final int INITIAL_CAPACITY = 64;

    private DirectMemory descriptors = new DirectMemory(INITIAL_CAPACITY * Integer.BYTES);
    private final BitSet used = new BitSet();

    /** One more than the bit of a descriptor. */
    private final DescriptorTable assigned = new DescriptorTable();

    @Override
    public int assign(int fd) {
      int known = assigned.get(fd);
      return known != 0 ? known - 1 : assignFree(fd);
    }

    @Override
    public int descriptor(int bit) {
      return descriptors.buffer.getInt(bit * Integer.BYTES);
    }

    @Override
    public void free(int bit) {
      assigned.put(descriptor(bit), 0);
      used.clear(bit);
    }

    @Override
    long address() {
      return descriptors.address;
    }

    private int assignFree(int fd) {
      int bit = used.nextClearBit(0);
      int offset = bit * Integer.BYTES;
      int capacity = descriptors.buffer.capacity();
      if (offset == capacity) {
        DirectMemory larger = new DirectMemory(2 * capacity);
        larger.buffer.put(0, descriptors.buffer, 0, capacity);
        descriptors = larger;
      }
      descriptors.buffer.putInt(offset, fd);
      used.set(bit);
      assigned.put(fd, bit + 1);
      return bit;
    }
  }
}
