package io.github.selectors4j.internal.awaiting;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.fileobject.FileObjects;
import io.github.selectors4j.internal.sets.OneShotSet;
import io.github.selectors4j.internal.system.Descriptors;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for one number. All but the list of waiters, which anybody may read, is for the one who
 * works here.
 */
final class Entry extends Inbox implements Arming.Ready {

  /** How long a worker may keep one from asking about the file. */
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private static final VarHandle FREE;

  static {
    try {
      FREE = MethodHandles.lookup().findVarHandle(Entry.class, "free", Waiter.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Waiters all;
  private final int fd;
  private final Arming arming;

  /** The latest waiter first; those that have an outcome are removed when somebody works here. */
  private volatile @Nullable Waiter waiters;

  /** One that may serve the next wait. */
  private volatile @Nullable Waiter free;

  /** Whether no system call is made any more. */
  private volatile boolean isClosed;

  /** Whether the set has reported it, and is to be asked anew. */
  private boolean isReported;

  Entry(Waiters all, Pollers pollers, int fd) {
    this.all = all;
    this.fd = fd;
    arming = new Arming(pollers, fd);
  }

  /** A waiter for the current thread. */
  Waiter waiter(Object fileobj, int events) {
    Waiter waiter = free == null ? null : (Waiter) FREE.getAndSet(this, null);
    if (waiter == null) {
      return new Waiter(fileobj, fd, events, null);
    }
    waiter.serve(fileobj, events);
    return waiter;
  }

  /** The current thread's wait has ended, and what came of it was told. */
  void keep(Waiter waiter) {
    if (waiter.isFree()) {
      waiter.forget();
      free = waiter;
    }
  }

  /** Adds a waiter, and arms for it. */
  void add(Waiter waiter) {
    if (begin()) {
      try {
        link(waiter);
        work();
      } catch (Throwable t) {
        isAbandoned = true;
        throw t;
      }
    } else {
      send(waiter);
    }
  }

  /** Lets go for whom a set's report is. */
  void report(OneShotSet from, int generation, int found) {
    if (begin()) {
      try {
        endReported(from, generation, found);
        work();
      } catch (Throwable t) {
        isAbandoned = true;
        throw t;
      }
    } else {
      send(new Message.Report(from, generation, found));
    }
  }

  /** What tells those who wait by a set that it fails. */
  Message.Failure failure(OneShotSet set, Reason reason) {
    Map<Waiter, Long> waits = new HashMap<>();
    for (Waiter waiter = waiters; waiter != null; waiter = waiter.before) {
      waits.put(waiter, waiter.state());
    }
    return new Message.Failure(set, reason, waits);
  }

  /** Whether nothing of the sets is used any more, once the awaiter is closed. */
  boolean isClosed() {
    return isClosed;
  }

  /**
   * Cancels all who wait.
   *
   * @param fileobj by which they do; null for whatever
   * @return how many there were
   */
  int cancel(@Nullable Object fileobj) {
    int count = 0;
    for (Message message = latest(); message != null; message = message.next) {
      count += message instanceof Waiter waiter && isCancelled(waiter, fileobj) ? 1 : 0;
    }
    for (Waiter waiter = waiters; waiter != null; waiter = waiter.before) {
      count += isCancelled(waiter, fileobj) ? 1 : 0;
    }
    if (count > 0) {
      look();
    }
    return count;
  }

  private static boolean isCancelled(Waiter waiter, @Nullable Object fileobj) {
    long state = waiter.state();
    boolean isCancelled =
        (fileobj == null || fileobj == waiter.fileobj) && waiter.end(state, Waiter.CANCELLED);
    if (isCancelled) {
      waiter.unpark();
    }
    return isCancelled;
  }

  /** Whether somebody waits for this very object. */
  boolean isAwaited(Object fileobj) {
    for (Message message = latest(); message != null; message = message.next) {
      if (message instanceof Waiter waiter && waiter.awaits(fileobj)) {
        return true;
      }
    }
    for (Waiter waiter = waiters; waiter != null; waiter = waiter.before) {
      if (waiter.awaits(fileobj)) {
        return true;
      }
    }
    return false;
  }

  /** Cancels who waits for other objects that are provably closed: they have no claim any more. */
  void cancelClosed(Object fileobj) {
    for (Waiter waiter = waiters; waiter != null; waiter = waiter.before) {
      long state = waiter.state();
      if (waiter.isWaiting()
          && !waiter.awaits(fileobj)
          && FileObjects.isClosed(waiter.fileobj)
          && waiter.end(state, waiter.replaced())) {
        waiter.unpark();
      }
    }
  }

  /** Whether the number still names the file that was armed for a waiter. */
  boolean namesFileOf(Waiter waiter) {
    long start = System.nanoTime();
    while (!begin()) {
      if (!waiter.isWaiting() || System.nanoTime() - start > PATIENCE_NANOS) {
        return false;
      }
      LockSupport.parkNanos(1000);
    }
    try {
      boolean same = !all.isClosed() && waiter.generation != 0 && arming.namesFile();
      work();
      return same;
    } catch (Throwable t) {
      isAbandoned = true;
      throw t;
    }
  }

  @Override
  void take(Message message) {
    if (message instanceof Waiter waiter) {
      if (!waiter.isLinked) {
        link(waiter);
      }
    } else if (message instanceof Message.Report report) {
      endReported(report.set, report.generation, report.found);
    } else if (message instanceof Message.Failure failure && arming.isIn(failure.set)) {
      failure.waits.forEach((waiter, state) -> endFailed(waiter, state, failure.reason));
    } else if (message instanceof Message.Removal) {
      close();
    }
  }

  private void link(Waiter waiter) {
    waiter.before = waiters;
    waiters = waiter;
    waiter.isLinked = true;
  }

  private void endFailed(Waiter waiter, long state, Reason reason) {
    waiter.reason = reason;
    end(waiter, state, Waiter.FAILED);
  }

  private void close() {
    if (!all.isClosed()) {
      arming.remove();
    }
    Descriptors.close(fd);
  }

  private void endAll(@Nullable Waiter latest, int outcome, @Nullable Reason reason) {
    for (Waiter waiter = latest; waiter != null; waiter = waiter.before) {
      if (reason != null) {
        waiter.reason = reason;
      }
      end(waiter, outcome);
    }
  }

  /**
   * Who was armed for after the report was made may find that others have taken what it reports.
   */
  private void endReported(OneShotSet from, int reported, int found) {
    if (!arming.isReportedBy(from)) {
      return;
    }
    if (waiters == null && !all.isClosed()) {
      arming.switchOff();
    }
    for (Waiter waiter = waiters; waiter != null; waiter = waiter.before) {
      if (waiter.generation != 0 && waiter.generation - reported <= 0) {
        endIfAmong(found, waiter);
      }
    }
    isReported |= reported == arming.generation() && found != 0;
  }

  private void endIfAmong(int found, Waiter waiter) {
    int events = Events.masked(found, waiter.events);
    if (events != 0) {
      end(waiter, events);
    }
  }

  /** Forgets who has an outcome, and arms for the others as far as that is due. */
  @Override
  void settle() {
    if (all.isClosed()) {
      endAll(waiters, Waiter.CLOSED, null);
      isClosed = true;
      return;
    }
    boolean isAnyNew = false;
    int wanted = 0;
    Waiter last = null;
    for (Waiter waiter = waiters; waiter != null; waiter = waiter.before) {
      if (waiter.isWaiting()) {
        wanted |= waiter.events;
        isAnyNew |= waiter.generation == 0;
        last = waiter;
      } else {
        if (last == null) {
          waiters = waiter.before;
        } else {
          last.before = waiter.before;
        }
        waiter.isLinked = false;
      }
    }
    if (isAnyNew) {
      armNew(wanted);
    } else if (isReported && wanted != 0) {
      armAgain(wanted);
    }
  }

  private void armNew(int wanted) {
    try {
      boolean isSame = arming.arm(wanted, this);
      isReported = false;
      for (Waiter waiter = waiters; waiter != null; waiter = waiter.before) {
        if (waiter.generation == 0) {
          waiter.generation = arming.generation();
        } else if (!isSame) {
          end(waiter, waiter.replaced());
        }
      }
    } catch (SystemCallException e) {
      Reason reason = arming.reason(e);
      for (Waiter waiter = waiters; waiter != null; waiter = waiter.before) {
        if (waiter.generation == 0) {
          waiter.reason = reason;
          end(waiter, Waiter.FAILED);
        }
      }
      settle(); // the others may be due, too
    }
  }

  /** Of those who have not been armed for. */
  @Override
  public boolean endReady(int found) {
    boolean isAnyLeft = false;
    for (Waiter waiter = waiters; waiter != null; waiter = waiter.before) {
      if (waiter.generation == 0) {
        endIfAmong(found, waiter);
      }
      isAnyLeft |= waiter.isWaiting();
    }
    return isAnyLeft;
  }

  /** For those who are left after a report. */
  private void armAgain(int wanted) {
    isReported = false;
    try {
      arming.armAgain(wanted);
    } catch (SystemCallException e) {
      endAll(waiters, Waiter.FAILED, arming.reason(e));
    }
  }
}
