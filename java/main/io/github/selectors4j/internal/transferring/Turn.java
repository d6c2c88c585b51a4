package io.github.selectors4j.internal.transferring;

import io.github.selectors4j.internal.system.AsymmetricFence;
import io.github.selectors4j.internal.system.IoShim;
import io.github.selectors4j.internal.system.VirtualThreads;
import java.lang.invoke.VarHandle;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * The right to make a system call in one direction, of one thread at a time; the others wait for
 * it. Who closes the file waits for it, too, and has the call interrupted meanwhile.
 *
 * <p>It is biased towards the thread that had it last, which takes it and gives it back without an
 * atomic operation: by a plain write in the bias that is its own, and a look whether that is still
 * in force. Whoever else wants it revokes the bias first, and then looks whether it is held. Fences
 * between write and look see to it that at least one of the two notices the other. Where threads
 * take turns often, and for virtual threads, whose numbers change, there is no bias.
 */
final class Turn {

  /** A thread that may take the turn, and what the system calls it, until the bias is revoked. */
  static final class Bias {
    private @Nullable Thread thread;
    private long id;
    private boolean held;
    private boolean wasInForce;

    /** What a thread wrote before it gave the turn back is seen by who finds that it did. */
    private boolean isHeld() {
      boolean isHeld = held;
      VarHandle.acquireFence();
      return isHeld;
    }
  }

  /** In place of a bias when there is none. */
  private static final Bias NONE = new Bias();

  /** How often the bias goes to another thread before there is none any more. */
  private static final int MOST_BIASES = 8;

  private final OpenFile file;

  private volatile Bias bias = NONE;

  // The file's lock guards the rest. It is also what is waited for.

  /** Who has the turn, or had it last. */
  private Bias last = new Bias();

  private int biases;

  Turn(OpenFile file) {
    this.file = file;
  }

  /**
   * Takes the turn; the file is open from here to {@link #release}, but for closing that has begun.
   *
   * @return what to give back
   */
  Bias acquire() throws ClosedChannelException {
    Bias mine = bias;
    if (mine.thread == Thread.currentThread()) {
      mine.held = true;
      AsymmetricFence.light();
      if (bias == mine) {
        return mine;
      }
      release(mine);
    }
    return acquireUnbiased();
  }

  void release(Bias mine) {
    VarHandle.releaseFence();
    mine.held = false;
    AsymmetricFence.light();
    if (bias != mine) {
      synchronized (file.lock) {
        file.lock.notifyAll();
      }
    }
  }

  /** Whether someone has it; from here on, who gives it back tells. The file's lock is held. */
  boolean isHeld() {
    revoke();
    return last.isHeld();
  }

  /** Has the call of the one who has it fail with EINTR. The file's lock is held. */
  void interrupt() {
    if (last.isHeld()) {
      // It is alive: before it goes its way, it waits for the lock.
      IoShim.interrupt(last.id);
    }
  }

  private void revoke() {
    Bias present = bias;
    if (present != NONE) {
      last = present;
      bias = NONE;
      if (present.thread != Thread.currentThread()) {
        AsymmetricFence.heavy();
      }
    }
  }

  private Bias acquireUnbiased() throws ClosedChannelException {
    boolean isInterrupted = false;
    try {
      synchronized (file.lock) {
        if (!file.isOpen()) {
          throw new ClosedChannelException();
        }
        while (isHeld()) {
          try {
            file.lock.wait();
          } catch (InterruptedException e) {
            isInterrupted = true;
          }
          if (!file.isOpen()) {
            throw new AsynchronousCloseException();
          }
        }
        return take(Thread.currentThread());
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Bias take(Thread current) {
    boolean isBiased = biases < MOST_BIASES && !VirtualThreads.isVirtual(current);
    if (last.thread != current || !isBiased) {
      if (isBiased || last.wasInForce) {
        // The thread that it was for may be looking at the old one.
        last = new Bias();
      }
      last.thread = current;
      last.id = IoShim.thread();
    }
    last.held = true;
    if (isBiased) {
      biases += last.wasInForce ? 0 : 1;
      last.wasInForce = true;
      bias = last;
    }
    return last;
  }
}
