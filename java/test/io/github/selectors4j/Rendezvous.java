package io.github.selectors4j;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Where threads meet round after round, to race each other from there. They wait busily, for whom
 * the scheduler has to wake comes too late for every race; but they yield, for there may be more of
 * them than processors.
 */
public final class Rendezvous {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** From then on, on a busy machine, the others need this one's processor to come. */
  private static final long GENEROUS_AFTER_NANOS = 200_000;

  /** About as long as what they race with takes. */
  private static final int LONGEST_HEAD_START_NANOS = 5_000;

  private final int parties;
  private final AtomicLong arrivals = new AtomicLong();
  private volatile boolean calledOff;

  /** Where that many threads meet. */
  public Rendezvous(int parties) {
    this.parties = parties;
  }

  /** Waits for the others; false when they won't come any more. */
  public boolean await() {
    long arrival = arrivals.incrementAndGet();
    long complete = (arrival + parties - 1) / parties * parties;
    long start = System.nanoTime();
    while (arrivals.get() < complete && !calledOff) {
      long waited = System.nanoTime() - start;
      if (waited > PATIENCE_NANOS) {
        callOff();
        throw new AssertionError("somebody has not come");
      } else if (waited > GENEROUS_AFTER_NANOS) {
        LockSupport.parkNanos(1);
      } else if (waited > LONGEST_HEAD_START_NANOS) {
        Thread.yield();
      }
    }
    return !calledOff;
  }

  /**
   * Waits for the others, and then lets some of them go first, ever others by ever another time.
   */
  public boolean race() {
    boolean met = await();
    pause();
    return met;
  }

  /** Nobody needs to wait here any more. */
  public void callOff() {
    calledOff = true;
  }

  /** Waits busily for a random time. */
  public static void pause() {
    long end = System.nanoTime() + ThreadLocalRandom.current().nextInt(LONGEST_HEAD_START_NANOS);
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }

  /** Returns once this thread has been interrupted, with its status cleared. */
  public static void awaitInterrupt() {
    while (!Thread.interrupted()) {
      LockSupport.park();
    }
  }
}
