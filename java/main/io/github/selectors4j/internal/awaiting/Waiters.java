package io.github.selectors4j.internal.awaiting;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.fileobject.FileObjects;
import io.github.selectors4j.internal.selecting.Capabilities;
import io.github.selectors4j.internal.selecting.Refusals;
import io.github.selectors4j.internal.sets.Look;
import io.github.selectors4j.internal.sets.OneShotSet;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.VirtualThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * All who wait by one awaiter. Waiters and pollers meet in the {@link Entry} of a number, where
 * nobody waits for anybody.
 */
public final class Waiters implements Capabilities {

  final Entries entries = new Entries();
  private final Pollers pollers;
  private final OwnedDescriptors owned = new OwnedDescriptors(this);

  private volatile boolean someVirtual;
  private volatile boolean closed;

  /**
   * Opens what waits.
   *
   * @throws UnsupportedOperationException when the platform lacks the mechanism
   * @throws SystemCallException when the system refuses, as for want of descriptors
   */
  public Waiters(Mechanism mechanism) throws SystemCallException {
    pollers = new Pollers(this, mechanism);
  }

  @Override
  public Mechanism mechanism() {
    return pollers.first().mechanism();
  }

  @Override
  public int supported() {
    return pollers.supported();
  }

  @Override
  public @Nullable String meaning(int errno, int fd) {
    return pollers.first().meaning(errno, fd);
  }

  @Override
  public @Nullable String advice(int errno, int fd) {
    return pollers.first().advice(errno, fd);
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
      Entry entry = entry(fileobj, fd);
      Waiter waiter = entry.waiter(fileobj, events);
      int found = await(entry, waiter, timeoutNanos);
      entry.keep(waiter);
      return found;
    }
    try {
      return Events.masked(Look.at(fd, events), events);
    } catch (SystemCallException e) {
      throw FileObjects.explained(e, fileobj, fd, null, null);
    }
  }

  /** The same, for some time. */
  int await(Waiter waiter, long timeoutNanos) throws IOException, InterruptedException {
    return await(entry(waiter.fileobj, waiter.fd), waiter, timeoutNanos);
  }

  private int await(Entry entry, Waiter waiter, long timeoutNanos)
      throws IOException, InterruptedException {
    long deadline = timeoutNanos < 0 ? 0 : System.nanoTime() + timeoutNanos;
    if (!someVirtual && VirtualThreads.isVirtual(Thread.currentThread())) {
      someVirtual = true;
    }
    try {
      entry.add(waiter);
      boolean interrupted = !waiter.park(timeoutNanos, deadline);
      if (waiter.isWaiting()) {
        giveUp(entry, waiter);
      }
      return waiter.result(interrupted);
    } finally {
      if (waiter.end(Waiter.GAVE_UP)) {
        entry.look();
      }
      waiter.forget();
    }
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

  private Entry entry(Object fileobj, int fd) throws SystemCallException {
    Entry there = entries.get(fd);
    if (there == null) {
      try {
        Descriptors.requireWaitable(fd);
      } catch (SystemCallException e) {
        throw FileObjects.explained(e, fileobj, fd, null, null);
      }
      there = entries.getOrMake(fd, number -> new Entry(this, pollers, number));
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
      return entry.cancel();
    }
    int[] count = new int[1];
    boolean[] found = new boolean[1];
    entries.forEach(
        one -> {
          if (one.isAwaited(fileobj)) {
            found[0] = true;
            count[0] += one.cancel();
          }
        });
    return found[0] || entry == null ? count[0] : entry.cancel();
  }

  /** Cancels those alone who wait by this very object, of all who wait for its number. */
  void cancelOnly(Object fileobj, int fd) {
    Entry entry = entries.get(fd);
    if (entry != null) {
      entry.cancel(fileobj);
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

  /**
   * Lets all go, and has the descriptors released.
   *
   * @throws UncheckedIOException when the system does not let the pollers be woken; called again,
   *     this tries again
   */
  public void close() {
    closed = true;
    try {
      pollers.wake();
    } catch (SystemCallException e) {
      throw new UncheckedIOException(e);
    } finally {
      entries.forEach(Entry::look);
      owned.close();
    }
    pollers.awaitRelease();
  }

  /** Returns when all is closed that ever was asked for, so that nobody uses a set any more. */
  void awaitEnds() {
    entries.forEach(
        entry -> {
          entry.look();
          while (!entry.isClosed()) {
            LockSupport.parkNanos(100_000);
          }
        });
  }
}
