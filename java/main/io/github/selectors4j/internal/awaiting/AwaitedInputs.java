package io.github.selectors4j.internal.awaiting;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.fileobject.FileObjects;
import io.github.selectors4j.internal.fileobject.ProcessStreams;
import io.github.selectors4j.internal.system.Errno;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of children that are awaited. The JDK closes such a stream's number by itself when the
 * child ends, and nothing tells of it: from then on it is ready, for the next write tells the
 * error. While there are some, a thread looks at all of them once an interval.
 */
final class AwaitedInputs {

  private static final long INTERVAL_NANOS = 50_000_000;

  private final Waiters waiters;
  private final ReentrantLock lock = new ReentrantLock();

  // With the lock held.
  private final Set<Waiter> awaited = new LinkedHashSet<>();
  private @Nullable Thread looking;

  AwaitedInputs(Waiters waiters) {
    this.waiters = waiters;
  }

  /** See {@link Waiters#await(Object, int, long)}. */
  int await(Object fileobj, int events, long timeoutNanos)
      throws IOException, InterruptedException {
    FileDescriptor source = ProcessStreams.outputDescriptor(fileobj);
    int number = source == null ? FileObjects.NONE : FileObjects.descriptorIfAny(source);
    if (source == null || number < 0) {
      return Events.masked(Events.ENDED, events);
    }
    try {
      // Most have room, and need nobody who looks at them.
      int ready = waiters.await(fileobj, number, events, 0);
      return ready != 0 || timeoutNanos == 0
          ? ready
          : await(new Waiter(fileobj, number, events, source), timeoutNanos);
    } catch (SystemCallException e) {
      // Closed just now, or by the child alone, which a kqueue tells by a refusal.
      if (source.valid() && e.errno() != Errno.EPIPE && e.errno() != Errno.EBADF) {
        throw e;
      }
      return Events.masked(Events.ENDED, events);
    }
  }

  private int await(Waiter waiter, long timeoutNanos) throws IOException, InterruptedException {
    add(waiter);
    try {
      return waiters.await(waiter, timeoutNanos);
    } finally {
      remove(waiter);
    }
  }

  private void add(Waiter waiter) {
    lock.lock();
    try {
      if (looking == null) {
        Thread thread = Poller.daemon("selectors4j-awaiter-inputs", this::look);
        thread.start();
        looking = thread;
      }
      awaited.add(waiter);
    } finally {
      lock.unlock();
    }
  }

  private void remove(Waiter waiter) {
    lock.lock();
    try {
      awaited.remove(waiter);
    } finally {
      lock.unlock();
    }
  }

  /** Has the thread end, for nobody waits any more. */
  void close() {
    lock.lock();
    try {
      LockSupport.unpark(looking);
    } finally {
      lock.unlock();
    }
  }

  private void look() {
    do {
      LockSupport.parkNanos(this, INTERVAL_NANOS);
    } while (lookOnce());
  }

  /** Lets those go that have ended; returns whether somebody may be left. */
  private boolean lookOnce() {
    List<Waiter> ended = new ArrayList<>();
    boolean isAnyLeft;
    lock.lock();
    try {
      awaited.removeIf(waiter -> waiter.endedFor() != 0 && ended.add(waiter));
      isAnyLeft = !awaited.isEmpty() && !waiters.isClosed();
      looking = isAnyLeft ? looking : null;
    } finally {
      lock.unlock();
    }
    ended.forEach(waiters::endEnded);
    return isAnyLeft;
  }

  @Override
  public String toString() {
    return "the end of a child whose input is awaited";
  }
}
