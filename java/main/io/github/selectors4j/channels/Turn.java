package io.github.selectors4j.channels;

import io.github.selectors4j.internal.system.IoShim;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * The right to make a system call in one direction, of one thread at a time; the others wait for
 * it. Who closes the file waits for it, too, and has the call interrupted meanwhile.
 */
final class Turn {

  /** A thread, and what the system calls it. */
  private record Holder(Thread thread, long id) {}

  private static final VarHandle HOLDER;

  static {
    try {
      HOLDER = MethodHandles.lookup().findVarHandle(Turn.class, "holder", Holder.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final OpenFile file;

  /** Who has it; null when nobody does. */
  private volatile @Nullable Holder holder;

  /** Whether who gives it back is to tell the others. */
  private volatile boolean isAwaited;

  /** How many threads wait for it, with the file's lock held. */
  private int waiting;

  /** Who had it last: the same thread has it again, as a rule. */
  private @Nullable Holder last;

  Turn(OpenFile file) {
    this.file = file;
  }

  /** Takes it; the file is open from here to {@link #release}, but for closing that has begun. */
  void acquire() throws ClosedChannelException {
    Holder mine = last;
    if (mine == null || mine.thread != Thread.currentThread()) {
      mine = identify();
    }
    if (!HOLDER.compareAndSet(this, (Holder) null, mine)) {
      await(mine);
    }
    if (!file.isOpen()) {
      release();
      throw new ClosedChannelException();
    }
    last = mine;
  }

  void release() {
    holder = null;
    if (isAwaited) {
      synchronized (file.lock) {
        file.lock.notifyAll();
      }
    }
  }

  /** Whether someone has it; from here on, who gives it back tells. The file's lock is held. */
  boolean isHeld() {
    isAwaited = true;
    return holder != null;
  }

  /** Has the call of the one who has it fail with EINTR. The file's lock is held. */
  void interrupt() {
    Holder present = holder;
    if (present != null) {
      // It is alive: before it goes its way, it waits for the lock.
      IoShim.interrupt(present.id);
    }
  }

  private static Holder identify() {
    return new Holder(Thread.currentThread(), IoShim.thread());
  }

  private void await(Holder mine) throws AsynchronousCloseException {
    boolean isInterrupted = false;
    synchronized (file.lock) {
      waiting++;
      isAwaited = true;
      while (!HOLDER.compareAndSet(this, (Holder) null, mine)) {
        if (!file.isOpen()) {
          throw new AsynchronousCloseException();
        }
        try {
          file.lock.wait();
        } catch (InterruptedException e) {
          isInterrupted = true;
        }
      }
      waiting--;
      isAwaited = waiting > 0 || !file.isOpen();
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
