package io.github.selectors4j.internal.awaiting;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.sets.OneShotSet;
import io.github.selectors4j.internal.system.Descriptors;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Who waits for one number, and for what it is armed: all of it for the one who works here. */
final class Entry extends WaitQueue implements Arming.Ready {

  /** How long a worker may keep one from asking about the file. */
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private final Waiters all;
  final Arming arming;

  /** Whether no system call is made any more. */
  private volatile boolean isClosed;

  /** Whether the set has reported it, and is to be asked anew. */
  private boolean isReported;

  Entry(Waiters all, Pollers pollers, int fd) {
    super(fd);
    this.all = all;
    arming = new Arming(pollers, fd);
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

  /** Whether nothing of the sets is used any more, once the awaiter is closed. */
  boolean isClosed() {
    return isClosed;
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
      link(waiter);
    } else if (message instanceof Message.Report report) {
      endReported(report.set, report.generation, report.found);
    } else if (message instanceof Message.Failure failure && arming.isIn(failure.set)) {
      failure.waits.forEach((waiter, state) -> endFailed(waiter, state, failure.reason));
    } else if (message instanceof Message.Naming naming) {
      naming.isSame =
          !all.isClosed() && naming.waiter.generation != 0 && followNamed(arming.namedFile());
    } else if (message instanceof Message.Removal) {
      close();
    }
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

  private void endAll(int outcome, @Nullable Reason reason) {
    for (Waiter waiter = latestWaiter(); waiter != null; waiter = waiter.before) {
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
    if (!arming.isReportedBy(from, reported)) {
      return;
    }
    if (latestWaiter() == null && !all.isClosed()) {
      arming.switchOff();
    }
    for (Waiter waiter = latestWaiter(); waiter != null; waiter = waiter.before) {
      if (waiter.generation != 0 && waiter.generation - reported <= 0) {
        endIfAmong(found, waiter);
      }
    }
    isReported |= reported - arming.inForce() >= 0 && found != 0;
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
      endAll(Waiter.CLOSED, null);
      isClosed = true;
      return;
    }
    boolean isAnyNew = false;
    boolean isAnyArmed = false;
    int wanted = 0;
    removeEnded();
    for (Waiter waiter = latestWaiter(); waiter != null; waiter = waiter.before) {
      wanted |= waiter.events;
      isAnyNew |= waiter.generation == 0;
      isAnyArmed |= waiter.generation != 0;
    }
    if (isAnyNew) {
      armNew(wanted, isAnyArmed);
    } else if (isReported && wanted != 0) {
      armAgain(wanted);
    }
  }

  private void armNew(int wanted, boolean isAnyArmed) {
    try {
      boolean isSame = arming.arm(wanted, isAnyArmed, this);
      isReported = false;
      for (Waiter waiter = latestWaiter(); waiter != null; waiter = waiter.before) {
        if (waiter.generation == 0) {
          waiter.generation = arming.inForce();
        } else if (!isSame) {
          end(waiter, waiter.replaced());
        }
      }
      followFile();
    } catch (SystemCallException e) {
      Reason reason = arming.reason(e);
      for (Waiter waiter = latestWaiter(); waiter != null; waiter = waiter.before) {
        if (waiter.generation == 0) {
          endFailed(waiter, waiter.state(), reason);
        }
      }
      settle(); // the others may be due, too
    }
  }

  /**
   * The awaited file was armed anew: has its waiters tell its reports, for long, from those of
   * another one, armed since theirs was, which may come at any time.
   */
  private void followFile() {
    for (Waiter waiter = latestWaiter(); waiter != null; waiter = waiter.before) {
      if (waiter.generation != 0 && arming.isOutdated(waiter.generation)) {
        waiter.generation = arming.inForce();
      }
    }
  }

  /** Of those who have not been armed for. */
  @Override
  public boolean endReady(int found) {
    boolean isAnyLeft = false;
    for (Waiter waiter = latestWaiter(); waiter != null; waiter = waiter.before) {
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
      followNamed(arming.armAgain(wanted));
    } catch (SystemCallException e) {
      endAll(Waiter.FAILED, arming.reason(e));
    }
  }

  /**
   * Goes on with the file that the number names. When that can't be told, ends who was armed for:
   * he might never be told, or of another's.
   *
   * @return whether it is the awaited one
   */
  private boolean followNamed(OneShotSet.Met met) {
    if (met == OneShotSet.Met.UNKNOWN) {
      for (Waiter waiter = latestWaiter(); waiter != null; waiter = waiter.before) {
        if (waiter.generation != 0) {
          end(waiter, waiter.replaced());
        }
      }
    }
    if (met == OneShotSet.Met.AWAITED) {
      followFile();
    }
    return met == OneShotSet.Met.AWAITED;
  }
}
