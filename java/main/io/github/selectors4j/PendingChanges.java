package io.github.selectors4j;

import java.util.BitSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/**
 * Descriptors whose registration has changed, for a selector whose set only the selecting thread
 * may touch: the system call reads it in place.
 */
final class PendingChanges {

  private final ReentrantLock lock;
  private final IntConsumer change;
  private final BitSet descriptors = new BitSet();
  private volatile boolean any;

  /**
   * No changes yet.
   *
   * @param change applies the change of a descriptor's registration to the set
   */
  PendingChanges(ReentrantLock lock, IntConsumer change) {
    this.lock = lock;
    this.change = change;
  }

  /** Notes a change, with the lock held. */
  void note(int fd) {
    descriptors.set(fd);
    any = true;
  }

  /** Applies what was noted. For the selecting thread. */
  void apply() {
    if (!any) {
      return;
    }
    lock.lock();
    try {
      for (int fd = descriptors.nextSetBit(0); fd >= 0; fd = descriptors.nextSetBit(fd + 1)) {
        change.accept(fd);
      }
      descriptors.clear();
      any = false;
    } finally {
      lock.unlock();
    }
  }
}
