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
    if (!works(waiter, null, 0, 0)) {
      send(waiter);
    }
  }

  /** Lets go for whom a set's report is. */
  void report(OneShotSet from, int generation, int found) {
    if (!works(null, from, generation, found)) {
      send(new Message.Report(from, generation, found));
    }
  }

  /**
   * Does what is to be done, unless another one works here: first what a message wants, or a
   * report, for which it needs none. It begins where it abandons, too: one more call between the
   * two might find no stack left.
   *
   * @return whether that is done
   */
  private boolean works(
      @Nullable Message first, @Nullable OneShotSet from, int generation, int found) {
    boolean begun = false;
    try {
      begun = begin();
      if (begun) {
        if (first != null) {
          take(first);
        }
        if (from != null) {
          endReported(from, generation, found);
        }
        work();
      }
      return begun;
    } catch (Throwable t) {
      if (begun) {
        isAbandoned = true;
      }
      throw t;
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
   * @return how many there were
   */
  int cancel() {
    return letGo(count((waiter, state, whatever) -> letsGo(waiter, state), this));
  }

  /** Cancels those who wait by this very object. */
  void cancel(Object fileobj) {
    letGo(
        count(
            (waiter, state, object) -> object == waiter.fileobj && letsGo(waiter, state), fileobj));
  }

  private static boolean letsGo(Waiter waiter, long state) {
    return letsGo(waiter, state, Waiter.CANCELLED);
  }

  private static boolean letsGo(Waiter waiter, long state, int outcome) {
    boolean letsGo = waiter.end(state, outcome);
    if (letsGo) {
      waiter.unpark();
    }
    return letsGo;
  }

  private int letGo(int count) {
    if (count > 0) {
      look();
    }
    return count;
  }

  /** Whether somebody waits for this very object. */
  boolean isAwaited(Object fileobj) {
    return count((waiter, state, object) -> waiter.awaits(object), fileobj) > 0;
  }

  /** Cancels who waits for other objects that are provably closed: they have no claim any more. */
  void cancelClosed(Object fileobj) {
    count(Entry::makesWay, fileobj);
  }

  private static boolean makesWay(Waiter waiter, long state, Object fileobj) {
    return waiter.isWaiting()
        && !waiter.awaits(fileobj)
        && FileObjects.isClosed(waiter.fileobj)
        && letsGo(waiter, state, waiter.replaced());
  }

  /** What one who waits is asked, whose state was read before. */
  private interface Question {
    boolean holds(Waiter waiter, long state, Object fileobj);
  }

  /**
   * For how many of those who wait it holds: first of those whom no worker has taken yet. Who is on
   * the way from there to the list is asked twice.
   */
  private int count(Question question, Object fileobj) {
    int count = 0;
    for (Message message = latest(); message != null; message = message.next) {
      if (message instanceof Waiter waiter) {
        count += question.holds(waiter, waiter.state(), fileobj) ? 1 : 0;
      }
    }
    for (Waiter waiter = waiters; waiter != null; waiter = waiter.before) {
      count += question.holds(waiter, waiter.state(), fileobj) ? 1 : 0;
    }
    return count;
  }

  /** Whether the number still names the file that was armed for a waiter. */
  boolean namesFileOf(Waiter waiter) {
    Message.Naming naming = new Message.Naming(waiter);
    long start = System.nanoTime();
    while (!works(naming, null, 0, 0)) {
      if (!waiter.isWaiting() || System.nanoTime() - start > PATIENCE_NANOS) {
        return false;
      }
      LockSupport.parkNanos(1000);
    }
    return naming.isSame;
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
    } else if (message instanceof Message.Naming naming) {
      naming.isSame = !all.isClosed() && naming.waiter.generation != 0 && arming.namesFile();
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
