package io.github.selectors4j.internal.selecting;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.system.AsymmetricFence;
import io.github.selectors4j.internal.system.Bias;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.SystemCalls;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.channels.ClosedSelectorException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A selector's waiting: who selects, until when, what ends it, and the end of the set.
 *
 * <p>The lock guards the registrations, the wake-up descriptor and the release of all descriptors;
 * it is held neither during a wait nor while a handler or a method of a file object runs. So a
 * wake-up or a change that races with {@code close} either finishes before the descriptors are
 * released or finds the selector closed.
 */
public final class SelectLoop implements SystemCalls.Wait {

  /** What is registered. */
  public final Registrations registrations = new Registrations();

  /** Guards what is said above. */
  public final ReentrantLock lock = new ReentrantLock();

  // Set by start, before another thread has this loop.
  InterestSet set;
  private EndReasons reasons;

  /** Made when one is registered for the first time. */
  private volatile @Nullable ChildInputs inputs;

  /** Made when a wait may block for the first time. For the selecting thread only. */
  private @Nullable Interrupts interrupts;

  /**
   * Of the thread that selects, and so may use the descriptors without the lock. Made for the first
   * one, with the lock held; who sees it without sees all of it.
   */
  private @Nullable BiasedLock selecting;

  private volatile boolean open = true;

  /** Whether it is closed, for a pass: read without a fence. */
  private boolean closed;

  /** Whether the selecting thread waits: read with the lock held, written without. */
  private boolean waiting;

  private boolean released;

  /** How much the last wait found, if a handler has left some of it over. */
  private int leftOver;

  /** What ended the last wait. */
  private int ended;

  /** A loop that is not to be used before it is started. */
  @SuppressWarnings("NullAway.Init")
  public SelectLoop() {}

  /**
   * Takes a set that was made for this loop and watches nothing yet, to close it in the end.
   *
   * @throws IOException when the system refuses; then no descriptor is left behind
   */
  public void start(InterestSet set) throws IOException {
    this.set = set;
    try {
      reasons = new EndReasons(Wakeup.open());
    } catch (Throwable t) {
      set.close();
      throw t;
    }
    try {
      set.addWakeup(reasons.descriptor());
    } catch (Throwable t) {
      release();
      throw t;
    }
  }

  /** What this waits with; also once it is closed. */
  public Mechanism mechanism() {
    return set.mechanism();
  }

  /**
   * The set's own descriptor.
   *
   * @throws ClosedSelectorException when the selector is closed
   */
  public int fileno() {
    requireOpen();
    return set.fileno();
  }

  /**
   * What others may watch for as long as this is open.
   *
   * @throws ClosedSelectorException when the selector is closed
   * @throws SystemCallException when the system refuses, as for want of descriptors
   */
  public int front() throws SystemCallException {
    lock.lock();
    try {
      requireOpen();
      return set.front();
    } finally {
      lock.unlock();
    }
  }

  /** What ends a wait. */
  public int wakeupDescriptor() {
    return reasons.descriptor();
  }

  /** Whether it is not closed. */
  public boolean isOpen() {
    return open;
  }

  /** The same for a pass, which need not see the end before its handler can know of it. */
  public boolean isOpenInPass() {
    return !closed;
  }

  /** Throws unless it is open. */
  public void requireOpen() {
    if (!isOpen()) {
      throw new ClosedSelectorException();
    }
  }

  /**
   * Waits and hands out what is ready.
   *
   * @param timeoutNanos negative waits for ever
   * @return how many keys were handed out
   */
  public int select(long timeoutNanos, ReadyHandler handler) throws IOException {
    BiasedLock selecting = selecting();
    Bias held = selecting.acquire();
    boolean closed;
    int handedOut;
    try {
      // A look alone is small enough for compilers to make one piece of it and its caller.
      boolean looks = timeoutNanos == 0 && leftOver == 0;
      handedOut = looks ? look(handler) : awaitAndHandOut(timeoutNanos, handler);
    } finally {
      closed = selecting.release(held);
    }
    if (closed) {
      throw new ClosedSelectorException();
    }
    return handedOut;
  }

  private BiasedLock selecting() {
    BiasedLock made = selecting;
    return made != null ? made : makeSelecting();
  }

  private BiasedLock makeSelecting() {
    lock.lock();
    try {
      BiasedLock made = selecting;
      if (made == null) {
        made = new BiasedLock(this);
        selecting = made;
      }
      return made;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the current wait, or else the next one. */
  public void wakeup() {
    lock.lock();
    try {
      requireOpen();
      reasons.add(EndReasons.WAKEUP);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has the selecting thread look at the registrations again before it goes on to wait, if the
   * mechanism does not see their change by itself. The lock is held from here until the change is
   * complete.
   */
  void changing() {
    if (waiting && !set.waitSeesChanges()) {
      reasons.add(EndReasons.AGAIN);
    }
  }

  /**
   * Has the selecting thread begin its wait anew, if it waits, for what was changed before this
   * call. The lock is held.
   */
  public void again() {
    // With the light one on the other side: either this sees that it waits, or it sees the change.
    AsymmetricFence.heavy();
    if (waiting) {
      reasons.add(EndReasons.AGAIN);
    }
  }

  /** See {@code BaseSelector}. */
  public void close() {
    lock.lock();
    try {
      if (isOpen()) {
        closed = true;
        // First of all: a thread that misses its registration then finds the selector closed.
        open = false;
        if (selecting == null) {
          release();
        } else {
          selecting.close();
        }
        registrations.clear();
        if (!released) {
          reasons.add(EndReasons.AGAIN);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int await(long timeoutNanos) {
    return set.await(timeoutNanos);
  }

  /**
   * Releases the descriptors, with the lock held and nobody using them any more, unless that was
   * done before.
   */
  void release() {
    if (released) {
      return;
    }
    released = true;
    set.close();
    reasons.close();
  }

  /**
   * Hands out a key as it stands now, unless it is gone or asks for nothing that was found. For
   * {@link InterestSet#handOut}.
   *
   * @return how many keys that were
   */
  public static int handOut(@Nullable SelectorKey key, int found, ReadyHandler handler)
      throws IOException {
    int events = key == null ? 0 : Events.masked(found, key.events());
    if (key == null || events == 0) {
      return 0;
    }
    handler.ready(key, events);
    return 1;
  }

  private int awaitAndHandOut(long timeoutNanos, ReadyHandler handler) throws IOException {
    long timeout = timeoutNanos;
    if (leftOver != 0) {
      ended = reasons.take();
      int handedOut = handOut(leftOver, handler);
      if (handedOut > 0 || !isOpen()) {
        return handedOut;
      }
      timeout = (ended & EndReasons.WAKEUP) == 0 ? timeoutNanos : 0;
    }
    long deadline = timeout > 0 ? System.nanoTime() + timeout : 0;
    long remaining = timeout;
    for (; ; ) {
      boolean blocking = remaining != 0 && !Thread.currentThread().isInterrupted();
      int handedOut = blocking ? await(remaining, handler) : look(handler);
      if (handedOut > 0 || !blocking || (ended & EndReasons.WAKEUP) != 0 || !isOpen()) {
        return handedOut;
      }
      if (timeout > 0) {
        remaining = deadline - System.nanoTime();
        if (remaining <= 0) {
          return 0;
        }
      }
    }
  }

  private int look(ReadyHandler handler) throws IOException {
    sweepInputs();
    return take(SystemCalls.await(this, 0), handler);
  }

  private int await(long timeoutNanos, ReadyHandler handler) throws IOException {
    sweepInputs();
    return take(awaitOnce(timeoutNanos), handler);
  }

  /** Takes what ended a wait, and hands out what it found. */
  private int take(int found, ReadyHandler handler) throws IOException {
    ended = reasons.take();
    if (found < 0) {
      throw Errno.exception(set.waitCall(), -found, set.waitAdvice(-found));
    }
    return found == 0 ? 0 : handOut(set.complete(found), handler);
  }

  /** Who has another number watched in place of a key's own, if that is so. The lock is held. */
  @Nullable ChildInputs inputsOf(SelectorKey key) {
    ChildInputs inputs = this.inputs;
    return inputs != null && inputs.has(key) ? inputs : null;
  }

  /** The inputs of children that are registered, made if need be. The lock is held. */
  ChildInputs inputs() {
    ChildInputs made = inputs;
    if (made == null) {
      made = new ChildInputs(set, registrations);
      inputs = made;
    }
    return made;
  }

  /** Before a wait, so that it reports whose child has ended. */
  private void sweepInputs() {
    ChildInputs inputs = this.inputs;
    if (inputs != null && inputs.isDue()) {
      lock.lock();
      try {
        if (isOpen()) {
          inputs.sweep();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** Hands out what was found; what a handler that throws leaves over is for the next select. */
  private int handOut(int found, ReadyHandler handler) throws IOException {
    leftOver = found;
    try {
      int handedOut = set.handOut(found, handler);
      leftOver = 0;
      return handedOut;
    } finally {
      if (leftOver != 0) {
        // Who watches the set by its descriptor is to see that there is something left.
        lookAgain(false);
      }
    }
  }

  /** Waits once, until a change or an interrupt at most. */
  private int awaitOnce(long timeoutNanos) {
    try {
      waiting = true;
      AsymmetricFence.light();
      if (!set.waitSeesChanges()) {
        awaitChange();
      }
      interrupts().start();
      ChildInputs inputs = this.inputs;
      return SystemCalls.await(this, inputs == null ? timeoutNanos : inputs.limit(timeoutNanos));
    } finally {
      interrupts().stop();
      waiting = false;
    }
  }

  private Interrupts interrupts() {
    Interrupts made = interrupts;
    if (made == null) {
      made = new Interrupts(this);
      interrupts = made;
    }
    return made;
  }

  /** A change that began before this wait saw nobody to tell of it: so it has to be complete. */
  private void awaitChange() {
    VarHandle.fullFence();
    if (!lock.isLocked()) {
      return;
    }
    lock.lock();
    try {
      // The lock is all.
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has the select ask again whether its thread is interrupted. This may come late: when there is
   * none, or the next one, or the descriptors were released.
   */
  void interrupted() {
    lookAgain(true);
  }

  private void lookAgain(boolean ifWaiting) {
    lock.lock();
    try {
      if ((waiting || !ifWaiting) && !released) {
        reasons.add(EndReasons.AGAIN);
      }
    } finally {
      lock.unlock();
    }
  }
}
