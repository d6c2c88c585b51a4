package io.github.selectors4j.internal.selecting;

import io.github.selectors4j.internal.system.Bias;
import java.nio.channels.ClosedSelectorException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The right to select, of one thread at a time; nobody waits for it. It is biased towards the
 * thread that had it last, see {@link Bias}. Whoever else wants it, to select or to close for good,
 * puts another bias or none in force; if the old one is held, a would-be selector puts it back and
 * gives up.
 *
 * <p>After {@link #close} nobody gets the right any more, and the last holder, or else the one who
 * closes, has the loop release what only a holder uses.
 */
final class BiasedLock {

  private final SelectLoop loop;

  /** Guards all but the fields of a bias that is held. */
  private final ReentrantLock lock;

  /** Null before the first thread has had the lock, and once this is closed. */
  private volatile @Nullable Bias bias;

  /** The one that was replaced on closing. */
  private @Nullable Bias last;

  /**
   * A lock that nobody holds.
   *
   * @param loop is told, with its own lock held, when this is closed and nobody holds it any more
   */
  BiasedLock(SelectLoop loop) {
    this.loop = loop;
    lock = loop.lock;
  }

  /**
   * Takes the lock.
   *
   * @return what to give back to {@link #release}
   * @throws IllegalStateException when it is held, be it by this thread
   * @throws ClosedSelectorException when it is closed
   */
  Bias acquire() {
    Bias mine = bias;
    if (mine != null && mine.tryTake()) {
      if (bias == mine) {
        return mine;
      }
      release(mine);
    }
    return acquireUnbiased();
  }

  /**
   * Gives the lock back.
   *
   * @return whether it was closed meanwhile
   */
  boolean release(Bias mine) {
    mine.giveBack();
    return bias != mine && releaseUnbiased(mine);
  }

  /** Lets nobody have the lock any more, once the loop is not open. Its lock is held. */
  void close() {
    Bias replaced = bias;
    last = replaced;
    bias = null;
    if (replaced == null || !replaced.isHeldOnceReplaced()) {
      loop.release();
    }
  }

  private Bias acquireUnbiased() {
    lock.lock();
    try {
      loop.requireOpen();
      Bias replaced = bias;
      Thread current = Thread.currentThread();
      Bias mine = replaced != null && replaced.thread() == current ? replaced : new Bias(current);
      bias = mine;
      if (replaced != null && replaced.isHeldOnceReplaced()) {
        bias = replaced;
        throw new IllegalStateException(
            mine == replaced
                ? "a handler can't select on its own selector"
                : "another thread is selecting: " + replaced.thread());
      }
      mine.take();
      return mine;
    } finally {
      lock.unlock();
    }
  }

  private boolean releaseUnbiased(Bias mine) {
    lock.lock();
    try {
      if (mine == last) {
        loop.release();
      }
      return !loop.isOpen();
    } finally {
      lock.unlock();
    }
  }
}
