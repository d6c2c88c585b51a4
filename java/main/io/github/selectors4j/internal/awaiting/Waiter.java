package io.github.selectors4j.internal.awaiting;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.fileobject.FileObjects;
import java.io.FileDescriptor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits. It has one outcome: whoever sets that, by compare-and-set, is the one who
 * lets it go. A thread dump shows it as what the thread is parked for.
 *
 * <p>Once an entry's worker has let it go, it may serve that number's next wait. So each of its
 * states is of one wait alone, and whoever is neither that wait's thread nor the worker has to read
 * the {@link #state} before all else, and to end that one.
 */
final class Waiter extends Message {

  /** The outcome of who waits yet; events are positive. */
  static final int WAITING = 0;

  /** It was cancelled, or its number names another file. */
  static final int CANCELLED = -1;

  /** The awaiter was closed. */
  static final int CLOSED = -2;

  /** The system refuses. */
  static final int FAILED = -3;

  /** The time is up, or the thread was interrupted. */
  static final int GAVE_UP = -4;

  /** An outcome is a state's low byte; above it is which wait that is. */
  private static final int OUTCOME_BITS = 8;

  /** What one waits for whose wait is over. */
  private static final Object NOTHING = "nothing";

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Waiter.class, "state", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final int fd;
  Object fileobj;
  int events;

  /** Of a child's input: where its number stands as long as it is that. Null for all else. */
  private final @Nullable FileDescriptor source;

  private @Nullable Thread thread = Thread.currentThread();

  private volatile long state;

  private volatile boolean isFree;

  /** Why the system refuses; read after the outcome. */
  @Nullable Reason reason;

  /** The generation with which its file was armed for it; 0 before. For the entry's worker. */
  int generation;

  /**
   * Who came before, among those that wait. Stays when it is removed: whoever is here by then finds
   * the others.
   */
  volatile @Nullable Waiter before;

  /** Whether it is among those that wait. For the entry's worker. */
  boolean isLinked;

  /** Another one to let go. For the entry's worker. */
  @Nullable Waiter alsoDone;

  /** The current thread. */
  Waiter(Object fileobj, int fd, int events, @Nullable FileDescriptor source) {
    this.fileobj = fileobj;
    this.fd = fd;
    this.events = events;
    this.source = source;
  }

  /** Has a free one serve the current thread's wait. */
  void serve(Object fileobj, int events) {
    this.fileobj = fileobj;
    this.events = events;
    thread = Thread.currentThread();
    generation = 0;
    isFree = false;
    state = ((state >> OUTCOME_BITS) + 1) << OUTCOME_BITS;
  }

  /** Whether it may serve another wait, for it is in no list, nor is anybody to let it go. */
  boolean isFree() {
    return isFree;
  }

  /**
   * Has one whose wait is over keep nothing of it alive: those that wait, and one that may serve
   * the next wait, may refer to it for long.
   */
  void forget() {
    fileobj = NOTHING;
    thread = null;
    reason = null;
  }

  /** Which wait this is, and how that stands. */
  long state() {
    return state;
  }

  boolean isWaiting() {
    return outcome(state) == WAITING;
  }

  private static int outcome(long state) {
    return (byte) state;
  }

  /** Whether it waits for this very object, or number. */
  boolean awaits(Object one) {
    return isWaiting() && (one == fileobj || (one instanceof Integer && one.equals(fileobj)));
  }

  /** Parks until there is an outcome; false when the thread was interrupted before. */
  boolean park(long timeoutNanos, long deadline) {
    while (isWaiting()) {
      if (Thread.currentThread().isInterrupted()) {
        return false;
      }
      if (timeoutNanos < 0) {
        LockSupport.park(this);
      } else {
        long remaining = deadline - System.nanoTime();
        if (remaining <= 0) {
          return true;
        }
        LockSupport.parkNanos(this, remaining);
      }
    }
    return true;
  }

  /** What its outcome means to who waits. */
  int result(boolean interrupted)
      throws SystemCallException, AsynchronousCloseException, InterruptedException {
    int outcome = outcome(state);
    return switch (outcome) {
      case CANCELLED -> throw new AsynchronousCloseException();
      case CLOSED -> throw new ClosedSelectorException();
      case FAILED -> throw Objects.requireNonNull(reason).of(fileobj, fd);
      case GAVE_UP -> {
        if (interrupted && Thread.interrupted()) {
          throw new InterruptedException();
        }
        yield 0;
      }
      default -> outcome;
    };
  }

  /**
   * Sets the outcome, unless it has one; then somebody has to let it go. For its thread and the
   * entry's worker.
   */
  boolean end(int outcome) {
    return end(state, outcome);
  }

  /** The same, for all others, unless it serves another wait than when the state was read. */
  boolean end(long seen, int outcome) {
    return outcome(seen) == WAITING
        && STATE.compareAndSet(this, seen, seen | (outcome & ((1 << OUTCOME_BITS) - 1)));
  }

  /** Its outcome when the number names another file by now. */
  int replaced() {
    return source == null ? CANCELLED : Events.masked(Events.ENDED, events);
  }

  /** For what a child's input is ready that the JDK has closed; 0 before, and for all else. */
  int endedFor() {
    return source == null || source.valid() ? 0 : Events.masked(Events.ENDED, events);
  }

  /** Has its thread see the outcome. */
  void unpark() {
    unpark(thread);
  }

  /** The same, by the worker, who has nothing to do with it any more. */
  void release() {
    Thread waiting = thread;
    isFree = !isLinked;
    unpark(waiting);
  }

  private static void unpark(@Nullable Thread thread) {
    if (thread != Thread.currentThread()) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public String toString() {
    StringJoiner names = new StringJoiner("|");
    if ((events & Events.READ) != 0) {
      names.add("READ");
    }
    if ((events & Events.WRITE) != 0) {
      names.add("WRITE");
    }
    if ((events & Events.PRIORITY) != 0) {
      names.add("PRIORITY");
    }
    if ((events & Events.HANGUP) != 0) {
      names.add("HANGUP");
    }
    return names + " of fd " + fd + ", " + FileObjects.describe(fileobj);
  }
}
