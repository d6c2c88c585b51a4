package io.github.selectors4j.internal.awaiting;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.fileobject.FileObjects;
import io.github.selectors4j.internal.sets.OneShotSet;
import io.github.selectors4j.internal.system.Descriptors;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for one number, and how that is armed.
 *
 * <p>One thread at a time works on it: who raises {@link #work} from 0. Others leave a message,
 * raise it too, and go on: the worker does what they want before it is done. So nobody waits for
 * anybody, and all but the list of waiters, which anybody may read, is the worker's alone. It lets
 * waiters go when it is done: their next await then finds no worker here.
 */
final class Entry {

  private static final VarHandle WORK;
  private static final VarHandle INBOX;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      WORK = lookup.findVarHandle(Entry.class, "work", int.class);
      INBOX = lookup.findVarHandle(Entry.class, "inbox", Message.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** How long a worker may keep one from asking about the file. */
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private final Waiters all;
  private final int fd;

  /** How much is to be done; 0 when nobody works on it. */
  @SuppressWarnings("unused")
  private volatile int work;

  /** The latest message first. */
  private volatile @Nullable Message inbox;

  /** The latest waiter first; those that have an outcome are removed when somebody works here. */
  private volatile @Nullable Waiter waiters;

  /** Whether no system call is made any more. */
  private volatile boolean isClosed;

  // The worker's alone.

  /** Where the number is armed, or was last; null before, and for what never gets ready. */
  private @Nullable OneShotSet set;

  /** For what that was; 0 when the set knows nothing of the number. */
  private int known;

  /** Whether the first mechanism has refused it, and not only some events. */
  private boolean isRefused;

  /** The latest; never 0, for that is who has not been armed. */
  private int generation = 1;

  /** Whether the set has reported it, and is to be asked anew. */
  private boolean isReported;

  /** Which set was asked last; null when the file itself was. */
  private @Nullable OneShotSet asked;

  private @Nullable Waiter done;

  Entry(Waiters all, int fd) {
    this.all = all;
    this.fd = fd;
  }

  /** Adds a waiter, and arms for it. */
  void add(Waiter waiter) {
    if (WORK.compareAndSet(this, 0, 1)) {
      link(waiter);
      work();
    } else {
      send(waiter);
    }
  }

  /** Lets go for whom a set's report is. */
  void report(OneShotSet from, int generation, int found) {
    if (WORK.compareAndSet(this, 0, 1)) {
      endReported(from, generation, found);
      work();
    } else {
      send(new Message.Report(from, generation, found));
    }
  }

  /** What tells those who wait by a set that it fails. */
  Message.Failure failure(OneShotSet set, Reason reason) {
    return new Message.Failure(set, reason, waiters);
  }

  /** Leaves a message. */
  void send(Message message) {
    Message first;
    do {
      first = inbox;
      message.next = first;
    } while (!INBOX.compareAndSet(this, first, message));
    look();
  }

  /** Has somebody look who has an outcome, and whether all is closed. */
  void look() {
    if ((int) WORK.getAndAdd(this, 1) == 0) {
      work();
    }
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
    int count = cancel(inbox, fileobj) + cancel(waiters, fileobj);
    if (count > 0) {
      look();
    }
    return count;
  }

  private static int cancel(@Nullable Message first, @Nullable Object fileobj) {
    int count = 0;
    for (Message message = first; message != null; message = message.next) {
      if (message instanceof Waiter waiter
          && (fileobj == null || fileobj == waiter.fileobj)
          && waiter.end(Waiter.CANCELLED)) {
        waiter.release();
        count++;
      }
    }
    return count;
  }

  /** Whether somebody waits for this very object. */
  boolean isAwaited(Object fileobj) {
    return isAmong(inbox, fileobj) || isAmong(waiters, fileobj);
  }

  private static boolean isAmong(@Nullable Message first, Object fileobj) {
    for (Message message = first; message != null; message = message.next) {
      if (message instanceof Waiter waiter
          && waiter.isWaiting()
          && Waiters.isSame(waiter.fileobj, fileobj)) {
        return true;
      }
    }
    return false;
  }

  /** Cancels who waits for other objects that are provably closed: they have no claim any more. */
  void cancelClosed(Object fileobj) {
    for (Waiter waiter = waiters; waiter != null; waiter = (Waiter) waiter.next) {
      if (waiter.isWaiting()
          && !Waiters.isSame(waiter.fileobj, fileobj)
          && FileObjects.isClosed(waiter.fileobj)
          && waiter.end(waiter.replaced())) {
        waiter.release();
      }
    }
  }

  /** Whether the number still names the file that was armed for a waiter. */
  boolean namesFileOf(Waiter waiter) {
    long start = System.nanoTime();
    while (!WORK.compareAndSet(this, 0, 1)) {
      if (!waiter.isWaiting() || System.nanoTime() - start > PATIENCE_NANOS) {
        return false;
      }
      LockSupport.parkNanos(1000);
    }
    boolean same = !all.isClosed() && waiter.generation != 0 && set != null && set.names(fd, known);
    work();
    return same;
  }

  /** Does what is to be done, and what comes meanwhile. */
  private void work() {
    Waiter toRelease = null;
    int taken = 1;
    do {
      Message messages = inbox == null ? null : (Message) INBOX.getAndSet(this, null);
      if (messages != null) {
        take(messages);
      }
      if (all.isClosed()) {
        endAll(waiters, Waiter.CLOSED, null);
        isClosed = true;
      } else {
        settle();
      }
      while (done != null) {
        Waiter ended = done;
        done = ended.alsoDone;
        ended.alsoDone = toRelease;
        toRelease = ended;
      }
      taken = (int) WORK.getAndAdd(this, -taken) - taken;
    } while (taken != 0);
    while (toRelease != null) {
      Waiter next = toRelease.alsoDone;
      toRelease.alsoDone = null;
      toRelease.release();
      toRelease = next;
    }
  }

  private void take(Message messages) {
    Message next;
    for (Message message = messages; message != null; message = next) {
      next = message.next;
      if (message instanceof Waiter waiter) {
        link(waiter);
      } else if (message instanceof Message.Report report) {
        endReported(report.set, report.generation, report.found);
      } else if (message instanceof Message.Failure failure && failure.set == set) {
        endAll(failure.latest, Waiter.FAILED, failure.reason);
      } else if (message instanceof Message.Removal) {
        close();
      }
    }
  }

  private void link(Waiter waiter) {
    waiter.next = waiters;
    waiters = waiter;
  }

  private void close() {
    if (!all.isClosed() && set != null && known != 0) {
      set.remove(fd, known);
    }
    known = 0;
    Descriptors.close(fd);
  }

  private void end(Waiter waiter, int outcome) {
    if (waiter.end(outcome)) {
      waiter.alsoDone = done;
      done = waiter;
    }
  }

  private void endAll(@Nullable Waiter latest, int outcome, @Nullable Reason reason) {
    for (Waiter waiter = latest; waiter != null; waiter = (Waiter) waiter.next) {
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
    if (from != set || known == 0) {
      return;
    }
    for (Waiter waiter = waiters; waiter != null; waiter = (Waiter) waiter.next) {
      if (waiter.generation != 0 && waiter.generation - reported <= 0) {
        int events = Events.masked(found, waiter.events);
        if (events != 0) {
          end(waiter, events);
        }
      }
    }
    isReported |= reported == generation && found != 0;
  }

  /** Forgets who has an outcome, and arms for the others as far as that is due. */
  private void settle() {
    boolean isAnyNew = false;
    int wanted = 0;
    Waiter last = null;
    for (Waiter waiter = waiters; waiter != null; waiter = (Waiter) waiter.next) {
      if (waiter.isWaiting()) {
        wanted |= waiter.events;
        isAnyNew |= waiter.generation == 0;
        last = waiter;
      } else if (last == null) {
        waiters = (Waiter) waiter.next;
      } else {
        last.next = waiter.next;
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
      nextGeneration();
      boolean isSame = arm(wanted);
      isReported = false;
      for (Waiter waiter = waiters; waiter != null; waiter = (Waiter) waiter.next) {
        if (waiter.generation == 0) {
          waiter.generation = generation;
        } else if (!isSame) {
          end(waiter, waiter.replaced());
        }
      }
    } catch (SystemCallException e) {
      Reason reason = new Reason(e, asked, false);
      for (Waiter waiter = waiters; waiter != null; waiter = (Waiter) waiter.next) {
        if (waiter.generation == 0) {
          waiter.reason = reason;
          end(waiter, Waiter.FAILED);
        }
      }
      settle(); // the others may be due, too
    }
  }

  private void nextGeneration() {
    generation = generation == -1 ? 1 : generation + 1;
  }

  /** Returns whether the number names the same file as before, as far as can be known. */
  private boolean arm(int wanted) throws SystemCallException {
    OneShotSet first = all.first();
    boolean isInFirst = set == first;
    if ((wanted & ~first.supported()) == 0) {
      try {
        asked = first;
        boolean isSame = first.arm(fd, generation, isInFirst ? known : 0, wanted);
        if (isInFirst) {
          known = isSame ? known | wanted : wanted;
          return isSame;
        }
        if (set != null) {
          set.remove(fd, known);
        }
        know(first, wanted);
        return !isRefused;
      } catch (SystemCallException e) {
        if (!first.leavesToOthers(e.errno())) {
          throw e;
        }
        boolean isSame = !isInFirst;
        isRefused = true;
        leave(wanted);
        return isSame;
      }
    }
    boolean isSame = !isInFirst || known == 0 || first.names(fd, known);
    if (isInFirst && known != 0 && isSame) {
      first.remove(fd, known);
    }
    isRefused = false;
    leave(wanted);
    return isSame;
  }

  /** Leaves it to another mechanism, unless it is ready, as what is refused mostly is. */
  private void leave(int wanted) throws SystemCallException {
    asked = null;
    int found = all.look(fd, wanted);
    boolean isAnyLeft = false;
    for (Waiter waiter = waiters; waiter != null; waiter = (Waiter) waiter.next) {
      int events = waiter.generation == 0 ? Events.masked(found, waiter.events) : 0;
      if (events != 0) {
        end(waiter, events);
      }
      isAnyLeft |= waiter.isWaiting();
    }
    OneShotSet second = isAnyLeft ? all.second() : null;
    if (second != null) {
      second.arm(fd, generation, 0, wanted);
    }
    know(second, second == null ? 0 : wanted);
  }

  private void know(@Nullable OneShotSet armedIn, int events) {
    set = armedIn;
    known = events;
  }

  /** For those who are left after a report. */
  private void armAgain(int wanted) {
    isReported = false;
    if (set == null) {
      return;
    }
    nextGeneration();
    try {
      if (set.rearm(fd, generation, known, wanted)) {
        known |= wanted;
      }
    } catch (SystemCallException e) {
      endAll(waiters, Waiter.FAILED, new Reason(e, set, false));
    }
  }
}
