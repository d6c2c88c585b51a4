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

  private static final VarHandle OUTCOME;

  static {
    try {
      OUTCOME = MethodHandles.lookup().findVarHandle(Waiter.class, "outcome", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Object fileobj;
  final int fd;
  final int events;

  /** Of a child's input: where its number stands as long as it is that. Null for all else. */
  private final @Nullable FileDescriptor source;

  private final Thread thread = Thread.currentThread();

  private volatile int outcome;

  /** Why the system refuses; read after the outcome. */
  @Nullable Reason reason;

  /** The generation with which its file was armed for it; 0 before. For the entry's worker. */
  int generation;

  /** Who came before, among those that wait. */
  volatile @Nullable Waiter before;

  /** Another one to let go. For the entry's worker. */
  @Nullable Waiter alsoDone;

  /** The current thread. */
  Waiter(Object fileobj, int fd, int events, @Nullable FileDescriptor source) {
    this.fileobj = fileobj;
    this.fd = fd;
    this.events = events;
    this.source = source;
  }

  boolean isWaiting() {
    return outcome == WAITING;
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

  /** Sets the outcome, unless it has one; then somebody has to {@link #release} it. */
  boolean end(int outcome) {
    return OUTCOME.compareAndSet(this, WAITING, outcome);
  }

  /** Its outcome when the number names another file by now. */
  int replaced() {
    return source == null ? CANCELLED : Events.masked(Events.ENDED, events);
  }

  /** For what a child's input is ready that the JDK has closed; 0 before, and for all else. */
  int endedFor() {
    return source == null || source.valid() ? 0 : Events.masked(Events.ENDED, events);
  }

  /** Has it see its outcome. */
  void release() {
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
