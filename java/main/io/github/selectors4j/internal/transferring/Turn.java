package io.github.selectors4j.internal.transferring;

import io.github.selectors4j.internal.system.Bias;
import io.github.selectors4j.internal.system.IoShim;
import io.github.selectors4j.internal.system.VirtualThreads;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;

/**
 * The right to make a system call in one direction, of one thread at a time; the others wait for
 * it. Who closes the file waits for it, too, and has the call interrupted meanwhile.
 *
 * <p>It is biased towards the thread that had it last, see {@link Bias}. Whoever else wants it puts
 * none in force. Where threads take turns often, and for virtual threads, whose numbers change, it
 * stays so.
 */
final class Turn {

  /** A thread that may take the turn, and what the system calls it. */
  static final class Holder extends Bias {
    private long id;
    private boolean wasInForce;

    private Holder() {
      super(null);
    }

    private void set(Thread thread, long id) {
      setThread(thread);
      this.id = id;
    }
  }

  /** In place of a bias when there is none. */
  private static final Holder NONE = new Holder();

  /** How often the bias goes to another thread before there is none any more. */
  private static final int MOST_BIASES = 8;

  private final OpenFile file;

  private volatile Holder bias = NONE;

  // The file's lock guards the rest. It is also what is waited for.

  /** Who has the turn, or had it last. */
  private Holder last = new Holder();

  private int biases;

  Turn(OpenFile file) {
    this.file = file;
  }

  /**
   * Takes the turn; the file is open from here to {@link #release}, but for closing that has begun.
   *
   * @return what to give back
   */
  Holder acquire() throws ClosedChannelException {
    Holder mine = bias;
    if (mine.tryTake()) {
      if (bias == mine) {
        return mine;
      }
      release(mine);
    }
    return acquireUnbiased();
  }

  void release(Holder mine) {
    mine.giveBack();
    if (bias != mine) {
      synchronized (file.lock) {
        file.lock.notifyAll();
      }
    }
  }

  /** Whether someone has it; from here on, who gives it back tells. The file's lock is held. */
  boolean isHeld() {
    Holder present = bias;
    if (present == NONE) {
      return last.isHeld();
    }
    last = present;
    bias = NONE;
    return present.isHeldOnceReplaced();
  }

  /** Has the call of the one who has it fail with EINTR. The file's lock is held. */
  void interrupt() {
    if (last.isHeld()) {
      // It is alive: before it goes its way, it waits for the lock.
      IoShim.interrupt(last.id);
    }
  }

  private Holder acquireUnbiased() throws ClosedChannelException {
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

  private Holder take(Thread current) {
    boolean isBiased = biases < MOST_BIASES && !VirtualThreads.isVirtual(current);
    if (last.thread() != current || !isBiased) {
      if (isBiased || last.wasInForce) {
        // The thread that it was for may be looking at the old one.
        last = new Holder();
      }
      last.set(current, IoShim.thread());
    }
    last.take();
    if (isBiased) {
      biases += last.wasInForce ? 0 : 1;
      last.wasInForce = true;
      bias = last;
    }
    return last;
  }
}
