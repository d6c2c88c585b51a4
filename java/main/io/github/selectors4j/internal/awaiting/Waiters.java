package io.github.selectors4j.internal.awaiting;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.fileobject.FileObjects;
import io.github.selectors4j.internal.selecting.Capabilities;
import io.github.selectors4j.internal.selecting.Refusals;
import io.github.selectors4j.internal.sets.Look;
import io.github.selectors4j.internal.sets.OneShotSet;
import io.github.selectors4j.internal.sets.OneShots;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.VirtualThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * All who wait by one awaiter. Waiters and pollers meet in the {@link Entry} of a number, where
 * nobody waits for anybody; the lock is for the beginning and the end alone.
 */
public final class Waiters implements Capabilities {

  /** How long {@link #close} waits for others to leave the descriptors. */
  private static final long CLOSE_MILLIS = 1000;

  private final Entries entries = new Entries();
  private final OneShotSet first;
  private final @Nullable Mechanism fallback;
  private final OwnedDescriptors owned = new OwnedDescriptors(this);

  private volatile boolean someVirtual;
  private volatile boolean closed;
  private final CountDownLatch released = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();

  // With the lock held.
  private final List<OneShotSet> sets = new ArrayList<>();
  private int pollers;
  private boolean isReleased;

  private volatile @Nullable OneShotSet second;

  /**
   * Opens what waits.
   *
   * @throws UnsupportedOperationException when the platform lacks the mechanism
   * @throws SystemCallException when the system refuses, as for want of descriptors
   */
  public Waiters(Mechanism mechanism) throws SystemCallException {
    first = OneShots.open(mechanism);
    fallback = OneShots.fallback(mechanism);
    start(first);
  }

  private void start(OneShotSet set) {
    try {
      Poller.start(this, set);
    } catch (Throwable t) {
      set.close();
      throw t;
    }
    sets.add(set);
    pollers++;
  }

  @Override
  public Mechanism mechanism() {
    return first.mechanism();
  }

  @Override
  public int supported() {
    return first.supported() | (fallback == null ? 0 : OneShots.supported(fallback));
  }

  @Override
  public @Nullable String meaning(int errno, int fd) {
    return first.meaning(errno, fd);
  }

  @Override
  public @Nullable String advice(int errno, int fd) {
    return first.advice(errno, fd);
  }

  /**
   * Waits until a file object is ready.
   *
   * @param timeoutNanos negative waits for ever, zero does not wait
   * @return the events; 0 when the time is up
   */
  public int await(Object fileobj, int events, long timeoutNanos)
      throws IOException, InterruptedException {
    Objects.requireNonNull(fileobj, "fileobj");
    requireOpen();
    Refusals.checkEvents(fileobj, events);
    Refusals.checkSupported(fileobj, events, this);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (fileobj instanceof Integer || !OwnedDescriptors.isOwned(fileobj)) {
      return await(fileobj, FileObjects.descriptor(fileobj), events, timeoutNanos);
    }
    return owned.await(fileobj, events, timeoutNanos);
  }

  /** The same, of a number. */
  int await(Object fileobj, int fd, int events, long timeoutNanos)
      throws IOException, InterruptedException {
    if (timeoutNanos != 0) {
      return await(new Waiter(fileobj, fd, events, null), timeoutNanos);
    }
    try {
      return Events.masked(Look.at(fd, events), events);
    } catch (SystemCallException e) {
      throw FileObjects.explained(e, fileobj, fd, null, null);
    }
  }

  /** The same, for some time. */
  int await(Waiter waiter, long timeoutNanos) throws IOException, InterruptedException {
    long deadline = timeoutNanos < 0 ? 0 : System.nanoTime() + timeoutNanos;
    Entry entry;
    try {
      entry = entry(waiter.fileobj, waiter.fd);
    } catch (SystemCallException e) {
      throw FileObjects.explained(e, waiter.fileobj, waiter.fd, null, null);
    }
    if (!someVirtual && VirtualThreads.isVirtual(Thread.currentThread())) {
      someVirtual = true;
    }
    try {
      entry.add(waiter);
      boolean interrupted = !park(waiter, timeoutNanos, deadline);
      if (waiter.isWaiting()) {
        giveUp(entry, waiter);
      }
      return result(waiter, interrupted);
    } finally {
      if (waiter.end(Waiter.GAVE_UP)) {
        entry.look();
      }
    }
  }

  /** Parks until there is an outcome; false when the thread was interrupted before. */
  private static boolean park(Waiter waiter, long timeoutNanos, long deadline) {
    while (waiter.isWaiting()) {
      if (Thread.currentThread().isInterrupted()) {
        return false;
      }
      if (timeoutNanos < 0) {
        LockSupport.park(waiter);
      } else {
        long remaining = deadline - System.nanoTime();
        if (remaining <= 0) {
          return true;
        }
        LockSupport.parkNanos(waiter, remaining);
      }
    }
    return true;
  }

  /** What is ready by now wins, if its report has not come yet. */
  private void giveUp(Entry entry, Waiter waiter) {
    int ready = waiter.endedFor();
    if (ready == 0) {
      try {
        ready = Events.masked(Look.at(waiter.fd, waiter.events), waiter.events);
      } catch (SystemCallException closed) {
        // It waits on, as others do.
      }
      ready = ready != 0 && entry.namesFileOf(waiter) ? ready : Waiter.GAVE_UP;
    }
    if (waiter.end(ready)) {
      entry.look();
    }
  }

  /** Lets one go that awaits a child's input which the JDK has closed. */
  void endEnded(Waiter waiter) {
    if (waiter.end(waiter.endedFor())) {
      waiter.release();
      Entry entry = entries.get(waiter.fd);
      if (entry != null) {
        entry.look();
      }
    }
  }

  private static int result(Waiter waiter, boolean interrupted)
      throws SystemCallException, AsynchronousCloseException, InterruptedException {
    return switch (waiter.outcome()) {
      case Waiter.CANCELLED -> throw new AsynchronousCloseException();
      case Waiter.CLOSED -> throw new ClosedSelectorException();
      case Waiter.FAILED ->
          throw Objects.requireNonNull(waiter.reason).of(waiter.fileobj, waiter.fd);
      case Waiter.GAVE_UP -> {
        if (interrupted && Thread.interrupted()) {
          throw new InterruptedException();
        }
        yield 0;
      }
      default -> waiter.outcome();
    };
  }

  private Entry entry(Object fileobj, int fd) throws SystemCallException {
    Entry there = entries.get(fd);
    if (there == null) {
      Descriptors.requireWaitable(fd);
      there = entries.getOrMake(fd, number -> new Entry(this, number));
      // Closing looks at the entries that there are by then.
      requireOpen();
      return there;
    }
    there.cancelClosed(fileobj);
    return there;
  }

  /** The entry of a number that is ours. */
  void close(int fd) {
    Entry entry = entries.get(fd);
    if (entry == null) {
      Descriptors.close(fd);
    } else {
      entry.send(new Message.Removal());
    }
  }

  /**
   * Cancels all who wait for what a file object names.
   *
   * @return how many there were
   */
  public int cancel(Object fileobj) {
    Objects.requireNonNull(fileobj, "fileobj");
    requireOpen();
    int fd =
        OwnedDescriptors.isOwned(fileobj)
            ? owned.find(fileobj)
            : FileObjects.descriptorIfAny(fileobj);
    Entry entry = entries.get(fd);
    if (entry != null && (fileobj instanceof Integer || entry.isAwaited(fileobj))) {
      return entry.cancel(null);
    }
    int[] count = new int[1];
    boolean[] found = new boolean[1];
    entries.forEach(
        one -> {
          if (one.isAwaited(fileobj)) {
            found[0] = true;
            count[0] += one.cancel(null);
          }
        });
    return found[0] || entry == null ? count[0] : entry.cancel(null);
  }

  /** Cancels those alone who wait by this very object, of all who wait for its number. */
  void cancelOnly(Object fileobj, int fd) {
    Entry entry = entries.get(fd);
    if (entry != null) {
      entry.cancel(fileobj);
    }
  }

  /** Whether both are the same file object: of numbers, whose value counts. */
  static boolean isSame(Object one, Object other) {
    return one == other || (one instanceof Integer && one.equals(other));
  }

  int look(int fd, int events) throws SystemCallException {
    return Look.at(fd, events);
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

  void report(OneShotSet set, int fd, int generation, int found) {
    Entry entry = entries.get(fd);
    if (entry != null) {
      entry.report(set, generation, found);
    }
  }

  /** Tells all who wait for a number at the moment that a set refuses it. */
  void refuse(OneShotSet set, int fd, SystemCallException cause) {
    Entry entry = entries.get(fd);
    if (entry != null) {
      entry.send(entry.failure(set, new Reason(cause, set, false)));
    }
  }

  /** Tells all who wait by a set at the moment, and nobody who comes meanwhile. */
  void fail(OneShotSet set, SystemCallException cause) {
    Reason reason = new Reason(cause, set, true);
    Map<Entry, Message> failures = new HashMap<>();
    entries.forEach(entry -> failures.put(entry, entry.failure(set, reason)));
    failures.forEach(Entry::send);
  }

  /** Whether a virtual thread has ever waited. */
  boolean areSomeVirtual() {
    return someVirtual;
  }

  /** Whether it is closed. */
  public boolean isClosed() {
    return closed;
  }

  private void requireOpen() {
    if (closed) {
      throw new ClosedSelectorException();
    }
  }

  /** Lets all go, and releases the descriptors. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (!isReleased) {
        for (OneShotSet set : sets) {
          set.wake();
        }
      }
    } catch (SystemCallException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
      entries.forEach(Entry::look);
      owned.close();
    }
    awaitRelease();
  }

  private void awaitRelease() {
    boolean interrupted = false;
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
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

  /** A poller has ended; the last one releases the descriptors, when nobody uses them any more. */
  void leave() {
    lock.lock();
    try {
      if (--pollers > 0) {
        return;
      }
    } finally {
      lock.unlock();
    }
    entries.forEach(
        entry -> {
          entry.look();
          while (!entry.isClosed()) {
            LockSupport.parkNanos(100_000);
          }
        });
    lock.lock();
    try {
      isReleased = true;
      sets.forEach(OneShotSet::close);
    } finally {
      lock.unlock();
    }
    released.countDown();
  }
}
