package io.github.selectors4j.internal.selecting;

import io.github.selectors4j.internal.system.DescriptorSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/**
 * Descriptors whose registration has changed, for a selector whose set only the selecting thread
 * may touch: the system call reads it in place.
 */
public final class PendingChanges {

  private final ReentrantLock lock;
  private final IntConsumer set;
  private final DescriptorSet descriptors = new DescriptorSet();
  private volatile boolean any;

  /**
   * No changes yet.
   *
   * @param set applies the change of a descriptor's registration
   */
  public PendingChanges(ReentrantLock lock, IntConsumer set) {
    this.lock = lock;
    this.set = set;
  }

  /** Notes a change, with the lock held. */
  public void note(int fd) {
    descriptors.add(fd);
    any = true;
  }

  /** Applies what was noted. For the selecting thread. */
  public void apply() {
    if (!any) {
      return;
    }
    lock.lock();
    try {
      descriptors.drain(set);
      any = false;
    } finally {
      lock.unlock();
    }
  }
}
