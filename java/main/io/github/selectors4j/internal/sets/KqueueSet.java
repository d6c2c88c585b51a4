package io.github.selectors4j.internal.sets;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.selecting.InterestSet;
import io.github.selectors4j.internal.selecting.Registrations;
import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.system.DescriptorSet;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.KqueueShim;
import io.github.selectors4j.internal.system.KqueueShim.Kevents;
import io.github.selectors4j.internal.system.SystemCalls;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** kqueue(2), on macOS and the BSDs. */
public final class KqueueSet implements InterestSet {

  private static final int EVFILT_READ = KqueueShim.value("EVFILT_READ");
  private static final int EVFILT_WRITE = KqueueShim.value("EVFILT_WRITE");

  /** For priority, where there is one. */
  private static final int EVFILT_EXCEPT = KqueueShim.value("EVFILT_EXCEPT");

  private static final int NOTE_OOB = KqueueShim.value("NOTE_OOB");

  // Filters as bits, which are those of the events that they report.
  private static final int READ_FILTER = Events.READ;
  private static final int WRITE_FILTER = Events.WRITE;
  private static final int EXCEPT_FILTER = Events.PRIORITY;

  /** Those that there are: NetBSD's number for reading is 0, as that of what is absent. */
  private static final int ALL_FILTERS =
      READ_FILTER | WRITE_FILTER | (EVFILT_EXCEPT == 0 ? 0 : EXCEPT_FILTER);

  private static final int EV_ADD = KqueueShim.value("EV_ADD");
  private static final int EV_DELETE = KqueueShim.value("EV_DELETE");
  private static final int EV_ENABLE = KqueueShim.value("EV_ENABLE");
  private static final int EV_ERROR = KqueueShim.value("EV_ERROR");
  private static final int EV_EOF = KqueueShim.value("EV_EOF");
  private static final int NOTE_LOWAT = KqueueShim.value("NOTE_LOWAT");

  /** Has each change answer, and nothing else; not every system has it. */
  private static final int EV_RECEIPT = KqueueShim.value("EV_RECEIPT");

  private static final int INITIAL_CAPACITY = 256;

  private final SelectLoop loop;
  private final Registrations registrations;
  private final int set;

  // The changes of all filters, one of them twice, and the kernel's answers. With the lock held.
  private final Kevents changes = new Kevents(4);
  private final Kevents answers = new Kevents(4);

  /** The numbers under which the queue may hold a filter that could not be removed. The same. */
  private final DescriptorSet unremoved = new DescriptorSet();

  /** Whether the last change found a filter missing that was thought to be there. The same. */
  private boolean wasMissing;

  // For the selecting thread only.
  private Kevents events = new Kevents(INITIAL_CAPACITY);
  private final ReadyList ready;

  /**
   * Opens a queue.
   *
   * @throws UnsupportedOperationException when the platform lacks kqueue
   * @throws SystemCallException when the system refuses, as for want of descriptors
   */
  public KqueueSet(SelectLoop loop) throws SystemCallException {
    this.loop = loop;
    registrations = loop.registrations;
    ready = new ReadyList(registrations);
    set = KqueueShim.open();
  }

  @Override
  public int fileno() {
    return set;
  }

  @Override
  public void close() {
    Descriptors.close(set);
  }

  @Override
  public void add(int fd, int generation, int events) throws SystemCallException {
    change(fd, generation, 0, events);
  }

  /**
   * What stays is only switched on: the answer tells whether the queue still has it, for the
   * filters of a descriptor that is closed are gone, whoever gets its number next.
   */
  @Override
  public int change(int fd, int generation, int from, int to) throws SystemCallException {
    int kept = filters(from) & filters(to);
    int added = filters(to) & ~kept;
    if (isLowAt(from) != isLowAt(to)) {
      added |= READ_FILTER;
    }
    int inForce = generation;
    int error = control(fd, inForce, filters(from) & ~kept, kept, added, to);
    if (error == 0 && wasMissing) {
      inForce = registrations.nextGeneration();
      error = control(fd, inForce, 0, 0, filters(to), to);
    }
    if (error != 0) {
      // The other filters may have been added, but not if the descriptor is closed.
      if (Descriptors.isOpen(fd)) {
        remove(fd, to);
      }
      throw Errno.exception("kevent(ADD, fd " + fd + ")", error);
    }
    return inForce;
  }

  /** A filter whose descriptor was closed is gone already. */
  @Override
  public void remove(int fd, int events) {
    control(fd, Registrations.NO_GENERATION, filters(events), 0, 0, 0);
  }

  /** Its filters are gone with it. */
  @Override
  public void forget(int fd, int events) {}

  /** A pipe without a reader would be refused. */
  @Override
  public int openPlaceholder() throws SystemCallException {
    return KqueueShim.openHungUp();
  }

  @Override
  public boolean waitSeesChanges() {
    return true;
  }

  @Override
  public @Nullable String meaning(int errno, int fd) {
    return errno == Errno.EINVAL && fd == set ? "a queue can't watch itself" : null;
  }

  @Override
  public @Nullable String advice(int errno, int fd) {
    // NetBSD says EBADF for want of a reader.
    if (errno == Errno.EPIPE || (errno == Errno.EBADF && Descriptors.isOpen(fd))) {
      return Descriptors.isReadOnly(fd)
          ? "it is open for reading alone: nothing can be written to it"
          : "its other end is closed: a write fails at once";
    }
    if (!leavesToOthers(errno) || fd == set) {
      return null;
    }
    int kind = Descriptors.kind(fd);
    return kind == Descriptors.REGULAR_FILE
        ? "it is a regular file, which is always ready for what kqueue does not watch it for; a"
            + " DefaultSelector or PollSelector takes it"
        : kind == Descriptors.DIRECTORY
            ? "it is a directory: reading won't do either"
            : "kqueue can't watch this device, nor can poll on macOS: use a DefaultSelector or"
                + " SelectSelector";
  }

  @Override
  public int await(long timeoutNanos) {
    return KqueueShim.control(set, events, 0, events, events.capacity(), timeoutNanos);
  }

  @Override
  public String waitCall() {
    return "kevent(fd " + set + ")";
  }

  @Override
  public boolean leavesToOthers(int errno) {
    return errno == Errno.EINVAL
        || errno == Errno.ENODEV
        || errno == Errno.EPERM
        || errno == Errno.EOPNOTSUPP;
  }

  @Override
  public Mechanism mechanism() {
    return Mechanism.KQUEUE;
  }

  @Override
  public int supported() {
    return Events.READ
        | Events.WRITE
        | (EVFILT_EXCEPT == 0 ? 0 : Events.PRIORITY)
        | (NOTE_LOWAT == 0 ? 0 : Events.HANGUP);
  }

  /**
   * Reading and writing are events of their own: they are brought together first, and more is asked
   * for while there was no room left, until nothing new comes.
   */
  @Override
  public int handOut(int found, ReadyHandler handler) throws IOException {
    int left = ready.isEmpty() ? found : 0;
    while (left > 0) {
      int before = ready.size();
      collect(left);
      boolean full = left == events.capacity();
      left = full && ready.size() > before ? awaitFurther() : 0;
    }
    return ready.handOut(handler, loop);
  }

  private int awaitFurther() {
    events = new Kevents(2 * events.capacity());
    return SystemCalls.await(this::await, 0);
  }

  private void collect(int found) {
    for (int i = 0; i < found; i++) {
      int fd = (int) events.ident(i);
      int generation = (int) events.udata(i);
      int filter = filterBit(events.filter(i));
      SelectorKey key = registrations.watching(fd, generation);
      if (key != null && (filters(key.events()) & filter) != 0) {
        // The end of writing may be one's own.
        boolean end = filter == READ_FILTER && (events.flags(i) & EV_EOF) != 0;
        ready.add(fd, generation, end ? filter | Events.HANGUP : filter);
      } else if (generation != Registrations.NO_GENERATION) {
        removeStale(fd);
      }
    }
  }

  /** A filter whose removal failed would end every wait. */
  private void removeStale(int fd) {
    loop.lock.lock();
    try {
      if (unremoved.remove(fd)) {
        SelectorKey key = registrations.watching(fd);
        control(
            fd,
            Registrations.NO_GENERATION,
            key == null ? ALL_FILTERS : ALL_FILTERS & ~filters(key.events()),
            0,
            0,
            0);
      }
    } finally {
      loop.lock.unlock();
    }
  }

  /** The filters that these events take: a hang-up shows at the filter for reading. */
  private static int filters(int events) {
    int reading = (events & (Events.READ | Events.HANGUP)) == 0 ? 0 : READ_FILTER;
    return reading | (events & (WRITE_FILTER | EXCEPT_FILTER));
  }

  /** Whether the filter for reading is to report the end alone, whatever there is to read. */
  private static boolean isLowAt(int events) {
    return (events & (Events.READ | Events.HANGUP)) == Events.HANGUP;
  }

  private static int filterBit(int filter) {
    return filter == EVFILT_WRITE
        ? WRITE_FILTER
        : filter == EVFILT_READ ? READ_FILTER : EXCEPT_FILTER;
  }

  /**
   * Removes, switches on and adds filters in one call, with room for an answer to each, so that one
   * that fails does not keep the others from being applied.
   *
   * @param removed filters
   * @param kept filters
   * @param added filters, of which one may be kept, too, and then changes its low-water mark
   * @param events what is asked for from then on
   * @return the first error of an addition, or 0
   */
  private int control(int fd, int generation, int removed, int kept, int added, int events) {
    int count = 0;
    for (int bit = READ_FILTER; bit <= EXCEPT_FILTER; bit <<= 1) {
      count = add(count, fd, generation, removed & bit, EV_DELETE, events);
      count = add(count, fd, generation, kept & bit, EV_ENABLE, events);
      count = add(count, fd, generation, added & bit, EV_ADD, events);
    }
    wasMissing = false;
    int answered = KqueueShim.control(set, changes, count, answers, count, 0);
    if (answered < 0) {
      // A signal comes too late to undo the changes: they are not made again.
      if (answered == -Errno.EINTR) {
        wasMissing = (removed | kept) != 0; // for all that is known
        return 0;
      }
      if (removed != 0) {
        unremoved.add(fd);
      }
      return -answered;
    }
    int error = 0;
    for (int i = 0; i < answered; i++) {
      int errno = (answers.flags(i) & EV_ERROR) == 0 ? 0 : (int) answers.data(i);
      int bit = filterBit(answers.filter(i));
      if (errno != 0 && (removed & bit) != 0) {
        unremoved.add(fd);
      }
      if (errno == Errno.ENOENT && ((removed | kept) & bit) != 0) {
        wasMissing = true;
      } else if (error == 0 && (removed & bit) == 0) {
        error = errno;
      }
    }
    return error;
  }

  /** Puts a change of a filter behind the others, if there is one; returns how many there are. */
  private int add(int count, int fd, int generation, int bit, int action, int events) {
    if (bit == 0) {
      return count;
    }
    int filter =
        bit == READ_FILTER ? EVFILT_READ : bit == WRITE_FILTER ? EVFILT_WRITE : EVFILT_EXCEPT;
    boolean lowAt = bit == READ_FILTER && isLowAt(events);
    int note = lowAt ? NOTE_LOWAT : bit == EXCEPT_FILTER ? NOTE_OOB : 0;
    long data = lowAt ? Integer.MAX_VALUE : 0;
    changes.set(count, fd, filter, action | EV_RECEIPT, note, data, generation);
    return count + 1;
  }
}
