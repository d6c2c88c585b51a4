package io.github.selectors4j.internal.sets;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.selecting.Wakeup;
import io.github.selectors4j.internal.system.Descriptors;

/** One-shot reports of a mechanism whose set the kernel keeps: any thread changes it by a call. */
abstract class OneShotsInKernel implements OneShotSet {

  /** The kernel's set. */
  final int set;

  private final Wakeup wakeup;

  /** Closes the kernel's set in the end. */
  OneShotsInKernel(int set) throws SystemCallException {
    this.set = set;
    try {
      wakeup = Wakeup.open();
    } catch (Throwable t) {
      Descriptors.close(set);
      throw t;
    }
  }

  /** What ends a wait when it is readable. */
  final int wakeupDescriptor() {
    return wakeup.descriptor();
  }

  /** For good: whoever is woken once is to end. */
  @Override
  public final void wake() throws SystemCallException {
    wakeup.signal();
  }

  @Override
  public final void close() {
    Descriptors.close(set);
    wakeup.close();
  }
}
