package io.github.selectors4j.internal.sets;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.selecting.Wakeup;
import io.github.selectors4j.internal.system.DescriptorTable;
import io.github.selectors4j.internal.system.Descriptors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One-shot reports of a mechanism whose set the waiting thread alone changes: what others ask for
 * is queued, and that thread woken. A number is a number there, whatever file it names.
 */
abstract class OneShotsInTurn implements OneShotSet {

  private record Change(int fd, int generation, int events) {}

  private final ConcurrentLinkedQueue<Change> changes = new ConcurrentLinkedQueue<>();

  /** Whether the wake-up was signalled, or is about to be. */
  private final AtomicBoolean isSignalled = new AtomicBoolean();

  private final Wakeup wakeup;

  /** Whether all waits are to end, for good. */
  private volatile boolean hasEnded;

  // For the waiting thread only: what is watched, and what the last wait has found.
  private final DescriptorTable generations = new DescriptorTable();
  private int[] reported = new int[64];
  private int[] found = new int[64];
  private int size;

  /** Of the changes that were made before the last wait. */
  private final Map<Integer, SystemCallException> failures = new HashMap<>();

  /** Closes the wake-up in the end. */
  OneShotsInTurn(Wakeup wakeup) {
    this.wakeup = wakeup;
  }

  /** What ends a wait when it is readable. */
  final int wakeupDescriptor() {
    return wakeup.descriptor();
  }

  /** Watches a descriptor for these events, and no others; 0 for none. */
  abstract void watch(int fd, int events) throws SystemCallException;

  /** Waits once, for what is watched and the wake-up descriptor. */
  abstract int awaitOnce(long timeoutNanos);

  /** Tells {@link #add} what the last wait found. */
  abstract void report(int count);

  /**
   * Adds a report; once for each number.
   *
   * @param events 0 for a number that is not open, which is forgotten without a word, as the
   *     kernel's own sets do
   */
  final void add(int fd, int events) {
    if (size == reported.length) {
      reported = Arrays.copyOf(reported, 2 * size);
      found = Arrays.copyOf(found, 2 * size);
    }
    reported[size] = fd;
    found[size++] = events;
  }

  /** The same, by bits. */
  final void add(int fd, PollBits bits, int found) {
    add(fd, (found & bits.invalid()) == 0 ? bits.toEvents(found) : 0);
  }

  @Override
  public boolean arm(int fd, int generation, int known, int events) throws SystemCallException {
    Descriptors.requireWaitable(fd);
    change(fd, generation, events);
    return true;
  }

  @Override
  public boolean rearm(int fd, int generation, int known, int events) throws SystemCallException {
    change(fd, generation, events);
    return true;
  }

  @Override
  public boolean names(int fd, int generation, int armed) {
    return true;
  }

  /** It is closed before the waiting thread can know; then it is reported once, to nobody. */
  @Override
  public void remove(int fd, int known) {
    changes.add(new Change(fd, 0, 0));
  }

  private void change(int fd, int generation, int events) throws SystemCallException {
    changes.add(new Change(fd, generation, events));
    signal();
  }

  @Override
  public int await(long timeoutNanos) throws SystemCallException {
    size = 0;
    failures.clear();
    if (isSignalled.get()) {
      wakeup.clear();
      isSignalled.set(false);
    }
    applyChanges();
    if (hasEnded) {
      return 0; // its signal may have been cleared as another's
    }
    int count = awaitOnce(failures.isEmpty() ? timeoutNanos : 0);
    if (count > 0) {
      report(count);
    }
    takeOut();
    return size == 0 ? count : size;
  }

  private void applyChanges() {
    for (Change change = changes.poll(); change != null; change = changes.poll()) {
      generations.put(change.fd(), change.generation());
      try {
        watch(change.fd(), change.events());
      } catch (SystemCallException e) {
        failures.put(change.fd(), e);
        add(change.fd(), 0);
      }
    }
  }

  /** All that was reported, but for the wake-up. */
  private void takeOut() throws SystemCallException {
    for (int i = 0; i < size; i++) {
      if (reported[i] == wakeup.descriptor()) {
        reported[i] = -1;
        // Signalled by whom, after it had been taken for signalled, or is being signalled.
        wakeup.clear();
        isSignalled.set(false);
      } else {
        watch(reported[i], 0);
      }
    }
  }

  @Override
  public int fd(int index) {
    return reported[index];
  }

  @Override
  public int generation(int index) {
    return generations.get(reported[index]);
  }

  @Override
  public int found(int index) {
    return found[index];
  }

  @Override
  public @Nullable SystemCallException failure(int index) {
    return failures.isEmpty() ? null : failures.get(reported[index]);
  }

  /** Signals also if somebody else is about to: that may have been cleared already. */
  @Override
  public void wake() throws SystemCallException {
    hasEnded = true;
    wakeup.signal();
  }

  private void signal() throws SystemCallException {
    if (!isSignalled.getAndSet(true)) {
      try {
        wakeup.signal();
      } catch (SystemCallException e) {
        isSignalled.set(false);
        throw e;
      }
    }
  }

  @Override
  public void close() {
    wakeup.close();
  }
}
