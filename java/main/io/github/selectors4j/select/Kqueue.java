package io.github.selectors4j.select;

import io.github.selectors4j.HasFileno;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.fileobject.OwnFileno;
import io.github.selectors4j.internal.system.KqueueShim;
import io.github.selectors4j.internal.system.SystemCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A kernel event queue, kqueue(2) of macOS and the BSDs: Python's {@code select.kqueue}. Flags that
 * this system lacks are 0. A filter that it lacks is a number that {@link #control} refuses.
 *
 * <pre>{@code
 * try (Kqueue queue = Kqueue.open()) {
 *   Kevent timer = new Kevent(1, KQ_FILTER_TIMER, KQ_EV_ADD | KQ_EV_ONESHOT, 0, 20, 0); // 20 ms
 *   handle(queue.control(List.of(timer), 1, null));
 * }
 * }</pre>
 *
 * <p>Any thread may call any method at any time; several may wait at once. A close during a wait
 * does not end it: the descriptor is released when the wait ends. After {@link #close()} every
 * method but {@code close} and {@link #isClosed()} throws an {@link IllegalStateException}.
 *
 * @see <a href="https://docs.python.org/3/library/select.html#kqueue-objects">Python's kqueue
 *     objects</a>
 */
@OwnFileno
public final class Kqueue implements AutoCloseable, HasFileno {

  /** Data to read: {@code data} is how many bytes. */
  public static final int KQ_FILTER_READ = KqueueShim.value("EVFILT_READ");

  /** Room to write: {@code data} is how many bytes. */
  public static final int KQ_FILTER_WRITE = KqueueShim.value("EVFILT_WRITE");

  /** Asynchronous input and output. */
  public static final int KQ_FILTER_AIO = KqueueShim.value("EVFILT_AIO");

  /** Changes of a file. */
  public static final int KQ_FILTER_VNODE = KqueueShim.value("EVFILT_VNODE");

  /** What a process does. */
  public static final int KQ_FILTER_PROC = KqueueShim.value("EVFILT_PROC");

  /** Changes of a network interface. */
  public static final int KQ_FILTER_NETDEV = KqueueShim.optionalFilter("EVFILT_NETDEV");

  /** A signal was delivered. */
  public static final int KQ_FILTER_SIGNAL = KqueueShim.value("EVFILT_SIGNAL");

  /** A timer that {@code ident} names. */
  public static final int KQ_FILTER_TIMER = KqueueShim.value("EVFILT_TIMER");

  /** Triggered by the program itself. */
  public static final int KQ_FILTER_USER = KqueueShim.optionalFilter("EVFILT_USER");

  /** Adds or changes a filter. */
  public static final int KQ_EV_ADD = KqueueShim.value("EV_ADD");

  /** Removes a filter. */
  public static final int KQ_EV_DELETE = KqueueShim.value("EV_DELETE");

  /** Reports the filter again. */
  public static final int KQ_EV_ENABLE = KqueueShim.value("EV_ENABLE");

  /** Keeps the filter, but does not report it. */
  public static final int KQ_EV_DISABLE = KqueueShim.value("EV_DISABLE");

  /** Removes the filter after one event. */
  public static final int KQ_EV_ONESHOT = KqueueShim.value("EV_ONESHOT");

  /** Resets the state after an event: edge-triggered. */
  public static final int KQ_EV_CLEAR = KqueueShim.value("EV_CLEAR");

  /** Bits reserved for the system. */
  public static final int KQ_EV_SYSFLAGS = KqueueShim.value("EV_SYSFLAGS");

  /** A bit of the filter's own. */
  public static final int KQ_EV_FLAG1 = KqueueShim.value("EV_FLAG1");

  /** Reports each change, as an error of 0 if it succeeded. */
  public static final int KQ_EV_RECEIPT = KqueueShim.value("EV_RECEIPT");

  /** Disables the filter after one event. */
  public static final int KQ_EV_DISPATCH = KqueueShim.value("EV_DISPATCH");

  /** The end: the peer closed or shut down. */
  public static final int KQ_EV_EOF = KqueueShim.value("EV_EOF");

  /** An error: {@code data} is its errno. */
  public static final int KQ_EV_ERROR = KqueueShim.value("EV_ERROR");

  /** {@code data} is a low-water mark. */
  public static final int KQ_NOTE_LOWAT = KqueueShim.value("NOTE_LOWAT");

  /** The file was unlinked. */
  public static final int KQ_NOTE_DELETE = KqueueShim.value("NOTE_DELETE");

  /** The file was written to. */
  public static final int KQ_NOTE_WRITE = KqueueShim.value("NOTE_WRITE");

  /** The file grew. */
  public static final int KQ_NOTE_EXTEND = KqueueShim.value("NOTE_EXTEND");

  /** The attributes changed. */
  public static final int KQ_NOTE_ATTRIB = KqueueShim.value("NOTE_ATTRIB");

  /** The link count changed. */
  public static final int KQ_NOTE_LINK = KqueueShim.value("NOTE_LINK");

  /** The file was renamed. */
  public static final int KQ_NOTE_RENAME = KqueueShim.value("NOTE_RENAME");

  /** Access was revoked. */
  public static final int KQ_NOTE_REVOKE = KqueueShim.value("NOTE_REVOKE");

  /** The process has exited. */
  public static final int KQ_NOTE_EXIT = KqueueShim.value("NOTE_EXIT");

  /** The process has forked. */
  public static final int KQ_NOTE_FORK = KqueueShim.value("NOTE_FORK");

  /** The process has executed a program. */
  public static final int KQ_NOTE_EXEC = KqueueShim.value("NOTE_EXEC");

  /** A mask of the control bits. */
  public static final int KQ_NOTE_PCTRLMASK = KqueueShim.value("NOTE_PCTRLMASK");

  /** A mask of the data bits. */
  public static final int KQ_NOTE_PDATAMASK = KqueueShim.value("NOTE_PDATAMASK");

  /** Follows the process over fork. */
  public static final int KQ_NOTE_TRACK = KqueueShim.value("NOTE_TRACK");

  /** In a child that is followed. */
  public static final int KQ_NOTE_CHILD = KqueueShim.value("NOTE_CHILD");

  /** A child could not be followed. */
  public static final int KQ_NOTE_TRACKERR = KqueueShim.value("NOTE_TRACKERR");

  /** The link is up. */
  public static final int KQ_NOTE_LINKUP = KqueueShim.value("NOTE_LINKUP");

  /** The link is down. */
  public static final int KQ_NOTE_LINKDOWN = KqueueShim.value("NOTE_LINKDOWN");

  /** The link state is invalid. */
  public static final int KQ_NOTE_LINKINV = KqueueShim.value("NOTE_LINKINV");

  /** Has a user's filter report its event. */
  public static final int KQ_NOTE_TRIGGER = KqueueShim.value("NOTE_TRIGGER");

  private final SharedDescriptor kqueue;

  private Kqueue(int fd) {
    kqueue = new SharedDescriptor(fd);
  }

  /**
   * Whether this system has kqueue, found out by opening one.
   *
   * @return false only when the platform lacks it
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static boolean isAvailable() {
    return Availability.of(Kqueue::open);
  }

  /**
   * Opens a queue, close-on-exec.
   *
   * @return a new, empty queue
   * @throws UnsupportedOperationException when the platform lacks kqueue
   * @throws IOException when the system refuses, for want of descriptors for example
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static Kqueue open() throws IOException {
    return new Kqueue(KqueueShim.open());
  }

  /**
   * An object for a queue that somebody else opened. From now on, {@link #close()} of this object
   * closes it.
   *
   * @param fd a queue's descriptor, not negative; it is not checked whether it is one
   * @return an object for it
   * @throws IllegalArgumentException when the descriptor is negative
   * @throws UnsupportedOperationException when the platform lacks kqueue
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static Kqueue fromFd(int fd) {
    KqueueShim.require();
    return new Kqueue(Arguments.checkDescriptor(fd));
  }

  /**
   * Applies changes, then waits for events: kevent(2). A signal does not end the wait.
   *
   * @param changes what to add, change or remove; null for nothing
   * @param maxEvents how many events to return at most, not negative; 0 does not wait
   * @param timeout null waits for as long as it takes, zero does not wait. A positive one is waited
   *     for in full, to the nanosecond.
   * @return the events; empty when the time is up. A change that failed is among them, with {@link
   *     #KQ_EV_ERROR}, if there is room for it.
   * @throws IllegalArgumentException when maxEvents or the timeout is negative, the timeout exceeds
   *     what a long holds in nanoseconds, or a filter what the system's structure holds, or this
   *     system lacks the filter
   * @throws SystemCallException when the system call fails, or a change does and there is no room
   *     to tell
   * @throws IOException never otherwise
   */
  public List<Kevent> control(
      @Nullable List<Kevent> changes, int maxEvents, @Nullable Duration timeout)
      throws IOException {
    int fd = kqueue.acquire();
    try {
      if (maxEvents < 0) {
        throw new IllegalArgumentException("maxEvents " + maxEvents + ": must not be negative");
      }
      long given = Arguments.nanosNotNegative(timeout);
      long nanos = maxEvents == 0 ? 0 : given;
      List<Kevent> list = changes == null ? List.of() : new ArrayList<>(changes);
      Waiter waiter = new Waiter(fd, list, Arguments.room(maxEvents));
      int found = SystemCalls.check(SystemCalls.await(waiter, nanos), "kevent(fd " + fd + ")");
      List<Kevent> result = new ArrayList<>(found);
      for (int i = 0; i < found; i++) {
        result.add(waiter.event(i));
      }
      return result;
    } finally {
      kqueue.release();
    }
  }

  /**
   * The queue's own descriptor, for others to watch. It stays this object's to close.
   *
   * @return the descriptor
   */
  @Override
  public int fileno() {
    return kqueue.get();
  }

  /**
   * Whether {@link #close()} has been called.
   *
   * @return true once this is closed
   */
  public boolean isClosed() {
    return kqueue.isClosed();
  }

  /** Closes the queue. Later calls do nothing. */
  @Override
  public void close() {
    kqueue.close();
  }

  /** Applies the changes with the first call only: they stand when a signal interrupts it. */
  private static final class Waiter implements SystemCalls.Wait {
    private final KqueueShim.Kevents changes;
    private final KqueueShim.Kevents events;
    private final int maximum;
    private final int kqueue;
    private int pending;

    Waiter(int kqueue, List<Kevent> list, int maximum) {
      this.kqueue = kqueue;
      changes = new KqueueShim.Kevents(Math.max(1, list.size()));
      events = new KqueueShim.Kevents(Math.max(1, maximum));
      this.maximum = maximum;
      for (Kevent change : list) {
        Objects.requireNonNull(change, "change");
        String missing = KqueueShim.missingFilter(change.filter());
        if (missing != null) {
          throw new IllegalArgumentException(
              "filter of " + change + ": this system has no " + missing);
        }
        if (!KqueueShim.isFilter(change.filter())) {
          throw new IllegalArgumentException(
              "filter " + change.filter() + " of " + change + ": must fit 16 bits");
        }
        changes.set(
            pending++,
            change.ident(),
            change.filter(),
            change.flags(),
            change.fflags(),
            change.data(),
            change.udata());
      }
    }

    @Override
    public int await(long timeoutNanos) {
      int count = pending;
      pending = 0;
      return KqueueShim.control(kqueue, changes, count, events, maximum, timeoutNanos);
    }

    Kevent event(int i) {
      return new Kevent(
          events.ident(i),
          events.filter(i),
          events.flags(i),
          events.fflags(i),
          events.data(i),
          events.udata(i));
    }
  }
}
