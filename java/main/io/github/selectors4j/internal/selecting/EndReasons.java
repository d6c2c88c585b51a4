package io.github.selectors4j.internal.selecting;

import io.github.selectors4j.SystemCallException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The reasons to end a wait, and the wake-up descriptor, which is readable while there are some,
 * and but for the moments in which they come and go, only then.
 */
final class EndReasons {

  /** Ends the select, too. */
  static final int WAKEUP = 1;

  /**
   * Has the select look whether its thread was interrupted, a registration changed or the selector
   * was closed, and maybe wait on.
   */
  static final int AGAIN = 2;

  private final Wakeup wakeup;

  /** Added to with the lock held; taken, all at once, by the selecting thread alone. */
  private final AtomicInteger reasons = new AtomicInteger();

  /** None, which end waits for this. */
  EndReasons(Wakeup wakeup) {
    this.wakeup = wakeup;
  }

  /** What ends a wait. */
  int descriptor() {
    return wakeup.descriptor();
  }

  /** Adds one, with the lock held, and before {@link #close}. One that fails is none. */
  void add(int reason) {
    for (int before = reasons.get(); before != 0; before = reasons.get()) {
      if (reasons.compareAndSet(before, before | reason)) {
        return;
      }
    }
    try {
      wakeup.signal();
    } catch (SystemCallException e) {
      throw new UncheckedIOException(e);
    }
    reasons.set(reason);
  }

  /** Takes all, without the lock, which who just woke the selecting thread may still hold. */
  int take() throws SystemCallException {
    if (reasons.get() == 0) {
      return 0;
    }
    wakeup.clear();
    return reasons.getAndSet(0);
  }

  void close() {
    wakeup.close();
  }
}
