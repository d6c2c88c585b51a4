package io.github.selectors4j.internal.awaiting;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What one thread at a time works on: who raises {@link #work} from 0. Others leave a message,
 * raise it too, and go on: the worker does what they want before it is done. So nobody waits for
 * anybody. Waiters are let go when it is done: their next await then finds no worker here.
 *
 * <p>An Error may end a worker anywhere, as for want of stack. Then the work is {@link #isAbandoned
 * abandoned}, and whoever comes next goes on with it: all of it may be done twice.
 */
abstract class Inbox {

  private static final VarHandle WORK;
  private static final VarHandle LATEST;
  private static final VarHandle ABANDONED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      WORK = lookup.findVarHandle(Inbox.class, "work", int.class);
      LATEST = lookup.findVarHandle(Inbox.class, "latest", Message.class);
      ABANDONED = lookup.findVarHandle(Inbox.class, "isAbandoned", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** How much is to be done; 0 when nobody works. */
  @SuppressWarnings("unused")
  private volatile int work;

  /**
   * Whether a worker did not come to its end, and the next one is to go on. Who works sets it when
   * an Error is thrown, without a call: there may be no stack for one.
   */
  volatile boolean isAbandoned;

  /** The latest message, and behind it those before. */
  private volatile @Nullable Message latest;

  /** Whom to let go. The worker's alone. */
  private @Nullable Waiter done;

  /** Does what a message wants. For the worker. */
  abstract void take(Message message);

  /** Does what has become due. For the worker. */
  abstract void settle();

  /**
   * Has this thread work, unless another one does; then it has to call {@link #work()}, or, if an
   * Error keeps it from that or ends that, set {@link #isAbandoned}.
   */
  final boolean begin() {
    return WORK.compareAndSet(this, 0, 1);
  }

  /** Leaves a message. */
  final void send(Message message) {
    Message before;
    do {
      before = latest;
      message.next = before;
    } while (!LATEST.compareAndSet(this, before, message));
    look();
  }

  /** Has somebody do what has become due. */
  final void look() {
    if ((int) WORK.getAndAdd(this, 1) == 0 || resumes()) {
      try {
        work();
      } catch (Throwable t) {
        isAbandoned = true;
        throw t;
      }
    }
  }

  private boolean resumes() {
    return isAbandoned && ABANDONED.compareAndSet(this, true, false);
  }

  /** The latest message that may not have been taken. */
  final @Nullable Message latest() {
    return latest;
  }

  /** Has one go when the work is done, if it has no outcome yet. For the worker. */
  final void end(Waiter waiter, int outcome) {
    end(waiter, waiter.state(), outcome);
  }

  /** The same, unless it serves another wait than when its state was read. */
  final void end(Waiter waiter, long state, int outcome) {
    if (waiter.end(state, outcome)) {
      waiter.alsoDone = done;
      done = waiter;
    }
  }

  /** Does what is to be done, and what comes meanwhile. */
  final void work() {
    Waiter toRelease = null;
    int taken = 1;
    do {
      Message messages = latest;
      if (messages != null) {
        takeAll(messages);
      }
      settle();
      toRelease = done;
      done = null;
      try {
        taken = (int) WORK.getAndAdd(this, -taken) - taken;
      } finally {
        if (taken != 0) {
          done = toRelease;
        }
      }
    } while (taken != 0);
    while (toRelease != null) {
      Waiter next = toRelease.alsoDone;
      toRelease.alsoDone = null;
      try {
        toRelease.release();
      } catch (StackOverflowError e) {
        // From here on the work may be another thread's.
      }
      toRelease = next;
    }
  }

  /**
   * They stay here until all are taken: whoever looks for a waiter, here first, finds it here or
   * where it was put.
   */
  private void takeAll(Message messages) {
    for (Message message = messages; message != null; message = message.next) {
      take(message);
    }
    if (!LATEST.compareAndSet(this, messages, null)) {
      Message later = latest;
      while (later != null && later.next != messages) {
        later = later.next;
      }
      if (later != null) {
        later.next = null;
      }
    }
    Message before;
    for (Message message = messages; message != null; message = before) {
      before = message.next;
      message.next = null;
    }
  }
}
