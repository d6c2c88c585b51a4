package io.github.selectors4j.internal.awaiting;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.sets.OneShotSet;
import io.github.selectors4j.internal.sets.OneShots;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The sets of an awaiter, of which each has a thread that waits, from their beginning to their end,
 * for which alone there is a lock.
 */
final class Pollers {

  /** How long {@link #awaitRelease} waits for others to leave the descriptors. */
  private static final long RELEASE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Waiters waiters;
  private final OneShotSet first;
  private final @Nullable Mechanism fallback;
  private final CountDownLatch released = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();

  // With the lock held.
  private final List<OneShotSet> sets = new ArrayList<>();
  private int running;
  private boolean isReleased;

  private volatile @Nullable OneShotSet second;

  /**
   * Opens the first set.
   *
   * @throws UnsupportedOperationException when the platform lacks the mechanism
   * @throws SystemCallException when the system refuses, as for want of descriptors
   */
  Pollers(Waiters waiters, Mechanism mechanism) throws SystemCallException {
    this.waiters = waiters;
    first = OneShots.open(mechanism);
    fallback = OneShots.fallback(mechanism);
    lock.lock();
    try {
      start(first);
    } finally {
      lock.unlock();
    }
  }

  private void start(OneShotSet set) {
    try {
      Poller.start(waiters, this, set);
    } catch (Throwable t) {
      set.close();
      throw t;
    }
    sets.add(set);
    running++;
  }

  OneShotSet first() {
    return first;
  }

  /** What takes what the first one refuses; null where that is never ready later. */
  @Nullable OneShotSet second() throws SystemCallException {
    OneShotSet opened = second;
    if (opened != null || fallback == null) {
      return opened;
    }
    lock.lock();
    try {
      if (second == null && !isReleased) {
        OneShotSet set = OneShots.open(fallback);
        start(set);
        second = set;
      }
      return second;
    } finally {
      lock.unlock();
    }
  }

  /** The events that one of them can wait for. */
  int supported() {
    return first.supported() | (fallback == null ? 0 : OneShots.supported(fallback));
  }

  /**
   * Has the threads see that all is closed.
   *
   * @throws SystemCallException when the system refuses
   */
  void wake() throws SystemCallException {
    lock.lock();
    try {
      if (!isReleased) {
        for (OneShotSet set : sets) {
          set.wake();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** A thread has ended; the last one releases the descriptors, when nobody uses them any more. */
  void leave() {
    lock.lock();
    try {
      if (--running > 0) {
        return;
      }
    } finally {
      lock.unlock();
    }
    waiters.awaitEnds();
    lock.lock();
    try {
      // Another one may have begun, and ended, meanwhile.
      if (!isReleased) {
        isReleased = true;
        sets.forEach(OneShotSet::close);
      }
    } finally {
      lock.unlock();
    }
    released.countDown();
  }

  /** Waits for that, as a rule as long as it takes; an interrupt's status stays. */
  void awaitRelease() {
    boolean interrupted = false;
    long deadline = System.nanoTime() + RELEASE_NANOS;
    for (boolean done = false; !done; ) {
      try {
        done =
            released.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
                || System.nanoTime() - deadline >= 0;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
