package io.github.selectors4j.internal.system;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntConsumer;

/** Descriptors: bits, but for the handles of Windows as in {@link DescriptorTable}. */
public final class DescriptorSet {

  private final BitSet dense = new BitSet();
  private final Set<Integer> sparse = new HashSet<>();

  /** None. */
  public DescriptorSet() {}

  /** Adds a descriptor. */
  public void add(int fd) {
    if (fd < DescriptorTable.MOST_DENSE) {
      dense.set(fd);
    } else {
      sparse.add(fd);
    }
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return dense.isEmpty() && sparse.isEmpty();
  }

  /** Whether a descriptor is there. */
  public boolean contains(int fd) {
    return fd < DescriptorTable.MOST_DENSE ? dense.get(fd) : sparse.contains(fd);
  }

  /** Removes a descriptor, and returns whether it was there. */
  public boolean remove(int fd) {
    if (fd >= DescriptorTable.MOST_DENSE) {
      return sparse.remove(fd);
    }
    boolean there = dense.get(fd);
    dense.clear(fd);
    return there;
  }

  /** Removes all, each of which is then handed out. */
  public void drain(IntConsumer consumer) {
    for (int fd = dense.nextSetBit(0); fd >= 0; fd = dense.nextSetBit(fd + 1)) {
      consumer.accept(fd);
    }
    dense.clear();
    if (!sparse.isEmpty()) {
      sparse.forEach(consumer::accept);
      sparse.clear();
    }
  }
}
