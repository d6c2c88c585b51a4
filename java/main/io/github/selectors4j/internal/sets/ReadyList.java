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

  /** The first one that was not handed out yet. */
  private int next;

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

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /**
   * Hands each key out as it stands when its turn comes, and forgets it; those behind one whose
   * handler throws stay.
   *
   * @param loop whose end ends this, too
   * @return how many were handed out
   */
  int handOut(ReadyHandler handler, SelectLoop loop) throws IOException {
    int handedOut = 0;
    while (next < size && loop.isOpenInPass()) {
      int fd = descriptors[next];
      int events = found[fd];
      found[fd] = 0;
      SelectorKey key = registrations.watching(fd, generations[next++]);
      handedOut += SelectLoop.handOut(key, events, handler);
    }
    next = 0;
    size = 0;
    return handedOut;
  }
}
