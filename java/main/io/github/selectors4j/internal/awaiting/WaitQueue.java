package io.github.selectors4j.internal.awaiting;

import io.github.selectors4j.internal.fileobject.FileObjects;
import io.github.selectors4j.internal.sets.OneShotSet;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for one number. The worker alone changes it; anybody may look, and let those go whom he
 * finds.
 */
abstract class WaitQueue extends Inbox {

  private static final VarHandle FREE;

  static {
    try {
      FREE = MethodHandles.lookup().findVarHandle(WaitQueue.class, "free", Waiter.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The number. */
  final int fd;

  /** The latest waiter first; those that have an outcome are removed when somebody works here. */
  private volatile @Nullable Waiter latest;

  /** One that may serve the next wait. */
  private volatile @Nullable Waiter free;

  WaitQueue(int fd) {
    this.fd = fd;
  }

  /** A waiter for the current thread. */
  final Waiter waiter(Object fileobj, int events) {
    Waiter waiter = free == null ? null : (Waiter) FREE.getAndSet(this, null);
    if (waiter == null) {
      return new Waiter(fileobj, fd, events, null);
    }
    waiter.serve(fileobj, events);
    return waiter;
  }

  /** The current thread's wait has ended, and what came of it was told. */
  final void keep(Waiter waiter) {
    if (waiter.isFree()) {
      free = waiter;
    }
  }

  /** The latest of those who wait, or have an outcome since somebody has worked here. */
  final @Nullable Waiter latestWaiter() {
    return latest;
  }

  /** Adds one, unless he is there, as when a message is taken twice. For the worker. */
  final void link(Waiter waiter) {
    if (!waiter.isLinked) {
      waiter.before = latest;
      latest = waiter;
      waiter.isLinked = true;
    }
  }

  /** Forgets who has an outcome. For the worker. */
  final void removeEnded() {
    Waiter last = null;
    for (Waiter waiter = latest; waiter != null; waiter = waiter.before) {
      if (waiter.isWaiting()) {
        last = waiter;
      } else {
        if (last == null) {
          latest = waiter.before;
        } else {
          last.before = waiter.before;
        }
        waiter.isLinked = false;
      }
    }
  }

  /** What tells those who wait by a set that it fails. */
  final Message.Failure failure(OneShotSet set, Reason reason) {
    Map<Waiter, Long> waits = new HashMap<>();
    for (Waiter waiter = latest; waiter != null; waiter = waiter.before) {
      waits.put(waiter, waiter.state());
    }
    return new Message.Failure(set, reason, waits);
  }

  /**
   * Cancels all who wait.
   *
   * @return how many there were
   */
  final int cancel() {
    return letGo(count((waiter, state, whatever) -> letsGo(waiter, state), this));
  }

  /** Cancels those who wait by this very object. */
  final void cancel(Object fileobj) {
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
  final boolean isAwaited(Object fileobj) {
    return count((waiter, state, object) -> waiter.awaits(object), fileobj) > 0;
  }

  /** Cancels who waits for other objects that are provably closed: they have no claim any more. */
  final void cancelClosed(Object fileobj) {
    count(WaitQueue::makesWay, fileobj);
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
    for (Waiter waiter = latest; waiter != null; waiter = waiter.before) {
      count += question.holds(waiter, waiter.state(), fileobj) ? 1 : 0;
    }
    return count;
  }
}
