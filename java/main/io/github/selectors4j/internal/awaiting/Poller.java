package io.github.selectors4j.internal.awaiting;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.sets.OneShotSet;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.VirtualThreads;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that waits for a set, and lets those go for whom its reports are.
 *
 * <p>While reports come thick and fast for virtual threads, it lends the set to a virtual thread,
 * which looks whenever those that it has let go have had their turn: so many are found at once, and
 * nobody has to wake a carrier for each. It gives the set back when there is nothing left; and when
 * it does not come to its turn, as other threads hold up all carriers, the set is taken back. Now
 * and then it parks for a moment, so that those come to their turn whom a timer has woken.
 */
final class Poller implements Runnable {

  /** How long to leave a set alone that fails to wait. */
  private static final long RETRY_NANOS = 10_000_000;

  /** A wait as short as that is one of many. */
  private static final long SHORT_NANOS = 50_000;

  private static final int MANY = 8;

  /** How long a virtual thread may not come to its turn. */
  private static final long PATIENCE_NANOS = 1_000_000;

  /** How long a virtual thread looks for those alone that it finds, and that wake each other. */
  private static final long AMONG_THEMSELVES_NANOS = 10_000_000;

  private static final int TAKEN_BACK = 0;
  private static final int LENT = 1;
  private static final int LOOKING = 2;

  private final Waiters waiters;
  private final Pollers all;
  private final OneShotSet set;
  private final Thread thread;

  /** Who may use the set. */
  private final AtomicInteger turn = new AtomicInteger(TAKEN_BACK);

  /** How often a virtual thread has looked. */
  private final AtomicInteger looks = new AtomicInteger();

  /** Whether there is a virtual thread yet that the set was lent to. */
  private volatile boolean hasBorrower;

  // What the last wait found, and how many of its reports have been told. For whoever has the set.
  private int found;
  private int told;

  private Poller(Waiters waiters, Pollers all, OneShotSet set) {
    this.waiters = waiters;
    this.all = all;
    this.set = set;
    thread = daemon("selectors4j-awaiter-" + set.mechanism().name().toLowerCase(Locale.ROOT), this);
  }

  /** Starts one. */
  static void start(Waiters waiters, Pollers all, OneShotSet set) {
    new Poller(waiters, all, set).thread.start();
  }

  /** Makes a thread that has nothing of what belongs to the one that happens to come first. */
  static Thread daemon(String name, Runnable body) {
    Thread thread = new Thread(null, body, name, 0, false);
    thread.setContextClassLoader(null);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void run() {
    int shortWaits = 0;
    while (!waiters.isClosed()) {
      long start = System.nanoTime();
      report(-1);
      shortWaits = System.nanoTime() - start < SHORT_NANOS ? shortWaits + 1 : 0;
      if (shortWaits >= MANY && !hasBorrower && waiters.areSomeVirtual()) {
        lend();
        shortWaits = 0;
      }
    }
    all.leave();
  }

  private void lend() {
    turn.set(LENT);
    hasBorrower = true;
    VirtualThreads.start("selectors4j-awaiter", this::lookOften);
    for (int seen = -1; turn.get() != TAKEN_BACK; ) {
      if (seen == looks.get() && turn.compareAndSet(LENT, TAKEN_BACK)) {
        return;
      }
      seen = looks.get();
      LockSupport.parkNanos(this, PATIENCE_NANOS);
    }
  }

  /** In a virtual thread. */
  private void lookOften() {
    long start = System.nanoTime();
    while (turn.compareAndSet(LENT, LOOKING)) {
      int found = report(0);
      looks.incrementAndGet();
      if (found <= 0 || waiters.isClosed()) {
        turn.set(TAKEN_BACK);
        LockSupport.unpark(thread);
        break;
      }
      turn.set(LENT);
      if (System.nanoTime() - start < AMONG_THEMSELVES_NANOS) {
        VirtualThreads.letOthersGoOn();
      } else {
        VirtualThreads.letAllGoOn();
        start = System.nanoTime();
      }
    }
    hasBorrower = false;
  }

  /** Waits, and lets go; returns how many reports there were, or that it has failed. */
  private int report(long timeoutNanos) {
    try {
      if (told >= found) {
        told = 0;
        found = set.await(timeoutNanos);
      }
      if (found < 0 && found != -Errno.EINTR) {
        throw Errno.exception(set.waitCall(), -found);
      }
      for (; told < found; told++) {
        tell(told);
      }
      return found;
    } catch (SystemCallException e) {
      waiters.fail(set, e);
    } catch (OutOfMemoryError e) {
      // What is reported once is told once there is memory.
    }
    LockSupport.parkNanos(RETRY_NANOS);
    return -1;
  }

  private void tell(int index) {
    int fd = set.fd(index);
    if (fd >= 0) {
      SystemCallException refusal = set.failure(index);
      if (refusal == null) {
        waiters.report(set, fd, set.generation(index), set.found(index));
      } else {
        waiters.refuse(set, fd, refusal);
      }
    }
  }

  @Override
  public String toString() {
    return "reports of " + set.waitCall() + ", which a virtual thread looks for";
  }
}
