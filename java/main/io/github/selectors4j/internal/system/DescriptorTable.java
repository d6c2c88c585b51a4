package io.github.selectors4j.internal.system;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A number for each descriptor, 0 at first. By index where descriptors are the small numbers that
 * POSIX hands out; the handles of Windows, which may be any number, are hashed.
 */
public final class DescriptorTable {

  /** What a table may grow to: beyond are more descriptors than Linux gives to a process. */
  public static final int MOST_DENSE = 1 << 20;

  private int[] dense = new int[64];
  private final Map<Integer, Integer> sparse = new HashMap<>();

  /** Every descriptor has 0. */
  public DescriptorTable() {}

  /** The number of a descriptor. */
  public int get(int fd) {
    if (fd < dense.length) {
      return dense[fd];
    }
    return fd < MOST_DENSE ? 0 : sparse.getOrDefault(fd, 0);
  }

  /** Gives a descriptor a number. */
  public void put(int fd, int number) {
    if (fd >= MOST_DENSE) {
      putSparse(fd, number);
    } else {
      if (fd >= dense.length) {
        dense = Arrays.copyOf(dense, capacity(fd, dense.length));
      }
      dense[fd] = number;
    }
  }

  /** The length to which a table of that length grows for a descriptor below the limit. */
  public static int capacity(int fd, int length) {
    return Math.min(Math.max(fd + 1, 2 * length), MOST_DENSE);
  }

  private void putSparse(int fd, int number) {
    if (number == 0) {
      sparse.remove(fd);
    } else {
      sparse.put(fd, number);
    }
  }
}
