package io.github.selectors4j.internal.selecting;

import io.github.selectors4j.internal.system.AsymmetricFence;
import java.lang.invoke.VarHandle;
import java.nio.channels.ClosedSelectorException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The right to select, of one thread at a time; nobody waits for it. It is biased towards the
 * thread that had it last, which takes it and gives it back without an atomic operation: by a plain
 * write in the bias that is its own, and a look whether that is still the lock's. Whoever else
 * wants it, to select or to close for good, puts another bias in its place first, and then looks
 * whether the old one is held; if so, a would-be selector puts it back and gives up. Fences between
 * write and look see to it that at least one of the two notices the other.
 *
 * <p>After {@link #close} nobody gets the right any more, and the last holder, or else the one who
 * closes, has the loop release what only a holder uses.
 */
final class BiasedLock {

  /** A thread that may take the lock, until another bias is the lock's. */
  static final class Bias {
    private final Thread thread;
    private boolean held;

    Bias(Thread thread) {
      this.thread = thread;
    }

    /** What a thread wrote before it gave the lock back is seen by who finds that it did. */
    boolean isHeld() {
      boolean isHeld = held;
      VarHandle.acquireFence();
      return isHeld;
    }
  }

  private final SelectLoop loop;

  /** Guards all but the fields of a bias that is held. */
  private final ReentrantLock lock;

  /** Null before the first thread has had the lock, and once this is closed. */
  private volatile @Nullable Bias bias;

  /** The one that was replaced on closing. */
  private @Nullable Bias last;

  /** Written before the bias is taken away. */
  private volatile boolean closed;

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
    if (mine != null && mine.thread == Thread.currentThread() && !mine.held) {
      mine.held = true;
      AsymmetricFence.light();
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
    VarHandle.releaseFence();
    mine.held = false;
    AsymmetricFence.light();
    return bias != mine && releaseUnbiased(mine);
  }

  boolean isClosed() {
    return closed;
  }

  /** Lets nobody have the lock any more. The loop's lock is held. */
  void close() {
    Bias replaced = bias;
    last = replaced;
    closed = true;
    bias = null;
    if (replaced == null || !isHeldAfterReplacing(replaced)) {
      loop.release();
    }
  }

  private Bias acquireUnbiased() {
    lock.lock();
    try {
      if (closed) {
        throw new ClosedSelectorException();
      }
      Bias replaced = bias;
      Thread current = Thread.currentThread();
      Bias mine = replaced != null && replaced.thread == current ? replaced : new Bias(current);
      bias = mine;
      if (replaced != null && isHeldAfterReplacing(replaced)) {
        bias = replaced;
        throw new IllegalStateException(
            mine == replaced
                ? "a handler can't select on its own selector"
                : "another thread is selecting: " + replaced.thread);
      }
      mine.held = true;
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
      return isClosed();
    } finally {
      lock.unlock();
    }
  }

  private static boolean isHeldAfterReplacing(Bias replaced) {
    if (replaced.thread != Thread.currentThread()) {
      AsymmetricFence.heavy();
    }
    return replaced.isHeld();
  }
}
