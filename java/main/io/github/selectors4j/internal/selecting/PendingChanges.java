package io.github.selectors4j.internal.selecting;

import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.internal.system.DescriptorSet;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Descriptors whose registration has changed, for a selector whose set only the selecting thread
 * may touch: the system call reads it in place.
 */
public final class PendingChanges {

  private final SelectLoop loop;

  /** With the lock held. */
  private final @Nullable DescriptorSet only;

  private final IntConsumer set;
  private final DescriptorSet descriptors = new DescriptorSet();
  private volatile boolean any;

  /**
   * No changes yet.
   *
   * @param only of which of the loop's registrations the set has no others; null for all
   * @param set applies the change of a descriptor's registration
   */
  public PendingChanges(SelectLoop loop, @Nullable DescriptorSet only, IntConsumer set) {
    this.loop = loop;
    this.only = only;
    this.set = set;
  }

  /** Notes a change, with the lock held. */
  public void note(int fd) {
    descriptors.add(fd);
    any = true;
  }

  /** The key for which the set is to watch a number from now on, or null. For {@link #apply}. */
  public @Nullable SelectorKey key(int fd) {
    return only == null || only.contains(fd) ? loop.registrations.watching(fd) : null;
  }

  /** Applies what was noted. For the selecting thread. */
  public void apply() {
    if (!any) {
      return;
    }
    loop.lock.lock();
    try {
      descriptors.drain(set);
      any = false;
    } finally {
      loop.lock.unlock();
    }
  }
}
