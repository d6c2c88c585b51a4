package io.github.selectors4j.internal.sets;

import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.internal.selecting.Registrations;
import io.github.selectors4j.internal.selecting.SelectLoop;
import java.io.IOException;
import java.util.Arrays;

/**
 * What one wait found, where reading and writing are events of their own: each registration once.
 * For the selecting thread only.
 */
final class ReadyList {

  private final Registrations registrations;
  private int[] descriptors = new int[16];
  private int[] generations = new int[16];
  private byte[] found = new byte[64]; // by descriptor
  private int size;

  ReadyList(Registrations registrations) {
    this.registrations = registrations;
  }

  /** Adds an event to what was found of the descriptor before. */
  void add(int fd, int generation, int event) {
    if (fd >= found.length) {
      found = Arrays.copyOf(found, Math.max(fd + 1, 2 * found.length));
    }
    if (found[fd] == 0) {
      if (size == descriptors.length) {
        descriptors = Arrays.copyOf(descriptors, 2 * size);
        generations = Arrays.copyOf(generations, 2 * size);
      }
      descriptors[size] = fd;
      generations[size++] = generation;
    }
    found[fd] |= (byte) event;
  }

  /**
   * Hands each key out as it stands when its turn comes, and forgets all, also when the handler
   * throws.
   *
   * @param loop whose end ends this, too
   * @return how many were handed out
   */
  int handOut(ReadyHandler handler, SelectLoop loop) throws IOException {
    int handedOut = 0;
    int next = 0;
    try {
      while (next < size && loop.isOpenInPass()) {
        int fd = descriptors[next];
        int events = found[fd];
        found[fd] = 0;
        SelectorKey key = registrations.get(fd, generations[next++]);
        handedOut += SelectLoop.handOut(key, events, handler);
      }
    } finally {
      for (; next < size; next++) {
        found[descriptors[next]] = 0;
      }
      size = 0;
    }
    return handedOut;
  }
}
