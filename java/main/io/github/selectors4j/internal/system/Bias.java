package io.github.selectors4j.internal.system;

import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What has a right, of one thread at a time, be biased towards a thread: that one takes it and
 * gives it back without an atomic operation, by a plain write in the bias, which is its own, and a
 * look whether that is still in force. Whoever else wants the right puts another bias in force
 * first, and then looks whether this one is held. Fences between write and look see to it that at
 * least one of the two notices the other.
 */
public class Bias {

  private @Nullable Thread thread;
  private boolean held;

  /** One for a thread; for none, it is never taken. */
  public Bias(@Nullable Thread thread) {
    this.thread = thread;
  }

  /** Whose it is. */
  public final @Nullable Thread thread() {
    return thread;
  }

  /** Makes it another thread's: one that has never been in force. */
  protected final void setThread(Thread thread) {
    this.thread = thread;
  }

  /**
   * Takes it, if it is this thread's, and free. Whoever finds that it is not in force then gives it
   * back.
   */
  public final boolean tryTake() {
    if (thread != Thread.currentThread() || held) {
      return false;
    }
    take();
    return true;
  }

  /** Takes it; for its thread. */
  public final void take() {
    held = true;
    AsymmetricFence.light();
  }

  /** Gives it back. Whoever finds that it is not in force then tells who may want to know. */
  public final void giveBack() {
    VarHandle.releaseFence();
    held = false;
    AsymmetricFence.light();
  }

  /** The same as {@link #isHeld}, for who has just put another one in force. */
  public final boolean isHeldOnceReplaced() {
    if (thread != null && thread != Thread.currentThread()) {
      AsymmetricFence.heavy();
    }
    return isHeld();
  }

  /** What a thread wrote before it gave it back is seen by who finds that it did. */
  public final boolean isHeld() {
    boolean isHeld = held;
    VarHandle.acquireFence();
    return isHeld;
  }
}
