package io.github.selectors4j.internal.sets;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.selecting.InterestSet;
import io.github.selectors4j.internal.selecting.Registrations;
import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.EpollRefusal;
import io.github.selectors4j.internal.system.EpollShim;
import io.github.selectors4j.internal.system.Errno;
import java.io.IOException;
import java.util.BitSet;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * epoll(7), on Linux.
 *
 * <p>A kernel's epoll set watches open files, not their numbers: when a registered descriptor is
 * closed while a duplicate keeps its file open, events go on arriving for a number that may be
 * another file's by then, and they can't be switched off by number. So each registration carries a
 * generation, and when an event of an old one arrives that could not be removed, this replaces the
 * kernel's set, under the same number.
 */
public class EpollSet implements InterestSet {

  static final PollBits BITS =
      new PollBits(
          EpollShim.value("EPOLLIN"),
          EpollShim.value("EPOLLOUT"),
          EpollShim.value("EPOLLPRI"),
          EpollShim.value("EPOLLRDHUP"),
          0);
  private static final long[] NONE = {};

  /** How long to wait for a descriptor to come free, instead of spinning on a stale event. */
  private static final long REPLACEMENT_RETRY_NANOS = 1_000_000;

  /** Nothing but an error or a hang-up, and that once: {@code epoll_ctl} adds those by itself. */
  private static final int SILENT = EpollShim.value("EPOLLONESHOT");

  final SelectLoop loop;
  final Registrations registrations;
  private final int set;

  private final EpollEvents events = new EpollEvents();

  /** Opened when somebody asks for it. With the loop's lock held. */
  private @Nullable EpollFront front;

  /** Whether that is to be readable. The same. */
  private boolean isToShowReady;

  /** Made when a key for priority is added for the first time. */
  private volatile @Nullable KeptPriority kept;

  /**
   * What a change has taken away, or a new set's first poll may have: the data of the keys for
   * priority that are to be reported once for that. For the selecting thread only.
   */
  private long[] doubtful = NONE;

  /** The event to go on with. */
  private int next;

  /** Whether this pass has met an event of an old registration. */
  private boolean stale;

  /**
   * The numbers under which the set may hold a file that could not be removed. With the lock held.
   */
  private final BitSet unremoved = new BitSet();

  /**
   * Opens a set.
   *
   * @throws UnsupportedOperationException when the platform lacks epoll
   * @throws SystemCallException when the system refuses, as for want of descriptors
   */
  public EpollSet(SelectLoop loop) throws SystemCallException {
    this.loop = loop;
    registrations = loop.registrations;
    set = EpollShim.open();
  }

  @Override
  public int fileno() {
    return set;
  }

  @Override
  public int front() throws SystemCallException {
    EpollFront opened = front;
    if (opened == null) {
      opened = EpollFront.open(set);
      opened.showReady(isToShowReady);
      front = opened;
    }
    return opened.number();
  }

  @Override
  public void showReady(boolean ready) {
    isToShowReady = ready;
    if (front != null) {
      front.showReady(ready);
    }
  }

  @Override
  public void close() {
    Descriptors.close(set);
    if (front != null) {
      front.close();
    }
  }

  @Override
  public boolean leavesToOthers(int errno) {
    return errno == Errno.EPERM;
  }

  @Override
  public boolean isWaitedForByOthers() {
    return false;
  }

  @Override
  public Mechanism mechanism() {
    return Mechanism.EPOLL;
  }

  @Override
  public int supported() {
    return BITS.supported();
  }

  @Override
  public void add(int fd, int generation, int events) throws SystemCallException {
    add(fd, generation, events, isDue(fd, events));
  }

  private void add(int fd, int generation, int events, boolean due) throws SystemCallException {
    int result = EpollControl.attempt(set, EpollShim.ADD, fd, generation, events);
    if (result < 0 && result == -Errno.EEXIST && unremoved.get(fd)) {
      // The number names a file again that could not be removed when it did not.
      EpollControl.change(set, EpollShim.MOD, fd, generation, events);
    } else {
      EpollControl.check(EpollShim.ADD, fd, result);
    }
    keepIf(due, fd, generation);
  }

  /** Whether a change for these events may take something away. */
  private boolean isDue(int fd, int events) {
    return (events & Events.PRIORITY) != 0 && kept().isDue(fd);
  }

  private void keepIf(boolean due, int fd, int generation) {
    if (due && kept().isGone(fd)) {
      kept().add(EpollControl.data(fd, generation));
      loop.again();
    }
  }

  private KeptPriority kept() {
    KeptPriority made = kept;
    if (made == null) {
      made = new KeptPriority();
      kept = made;
    }
    return made;
  }

  /**
   * An addition tells whether the number still names the file that the set holds under it, and, if
   * so, does not poll it as a modification does, which of some files takes an event away.
   */
  @Override
  public int change(int fd, int generation, int from, int to) throws SystemCallException {
    if (from == to) {
      int renewed = registrations.nextGeneration();
      int result = EpollControl.attempt(set, EpollShim.ADD, fd, renewed, to);
      if (result >= 0) {
        // A duplicate may keep the earlier file in the set.
        unremoved.set(fd);
        return renewed;
      }
      if (result != -Errno.EEXIST) {
        EpollControl.check(EpollShim.ADD, fd, result);
      }
      if (!unremoved.get(fd)) {
        return generation;
      }
    }
    return modify(fd, generation, to);
  }

  private int modify(int fd, int generation, int events) throws SystemCallException {
    // An earlier file that the set may hold under this number would be revived.
    int inForce = unremoved.get(fd) ? registrations.nextGeneration() : generation;
    boolean due = isDue(fd, events);
    int result = EpollControl.attempt(set, EpollShim.MOD, fd, inForce, events);
    if (result == -Errno.ENOENT) {
      inForce = registrations.nextGeneration();
      unremoved.set(fd);
      add(fd, inForce, events, due);
    } else {
      EpollControl.check(EpollShim.MOD, fd, result);
      keepIf(due, fd, inForce);
    }
    return inForce;
  }

  @Override
  public void remove(int fd, int events) {
    // A descriptor that was closed, or closed and reused, is not in the set under this number; its
    // file may be, if a duplicate keeps it open.
    if (EpollShim.control(set, EpollShim.DEL, fd, 0, 0) < 0) {
      unremoved.set(fd);
    }
  }

  /**
   * Has the set be silent of a registration until it is changed to its events; false when that
   * can't be, or might meet an earlier file of the number. With the lock held.
   */
  final boolean silence(int fd, int generation) {
    long data = EpollControl.data(fd, generation);
    return !unremoved.get(fd) && EpollShim.control(set, EpollShim.MOD, fd, SILENT, data) >= 0;
  }

  /** The set is replaced next, by one that is silent of nothing. With the lock held. */
  void replacing() {}

  /** A duplicate may keep the file in the set. */
  @Override
  public void forget(int fd, int events) {
    unremoved.set(fd);
  }

  @Override
  public boolean waitSeesChanges() {
    return true;
  }

  @Override
  public @Nullable String meaning(int errno, int fd) {
    EpollFront opened = front;
    return opened == null
        ? EpollRefusal.meaning(errno, fd, set)
        : EpollRefusal.meaning(errno, fd, set, opened.number());
  }

  @Override
  public @Nullable String advice(int errno, int fd) {
    return EpollRefusal.advice(errno, fd);
  }

  @Override
  public int await(long timeoutNanos) {
    KeptPriority kept = this.kept;
    if (kept != null && kept.any()) {
      take(kept);
    }
    if (doubtful.length == 0) {
      return events.await(set, timeoutNanos);
    }
    int found = events.await(set, 0);
    return found < 0 ? found : found + doubtful.length;
  }

  private void take(KeptPriority kept) {
    loop.lock.lock();
    try {
      doubtful = kept.takeBehind(doubtful);
    } finally {
      loop.lock.unlock();
    }
  }

  @Override
  public String waitCall() {
    return "epoll_wait(fd " + set + ")";
  }

  @Override
  public int complete(int found) {
    if (doubtful.length == 0) {
      return events.addFurther(set, found);
    }
    int all = events.addFurther(set, found - doubtful.length);
    // Also to a key that is reported for something else: its priority may have been taken away.
    for (long data : doubtful) {
      if (watching(data) != null) {
        all = events.add(all, BITS.priority(), data);
      }
    }
    doubtful = NONE;
    return all;
  }

  @Override
  public int handOut(int found, ReadyHandler handler) throws IOException {
    EpollShim.Events events = this.events.found();
    SelectLoop loop = this.loop;
    int handedOut = 0;
    int i = next;
    try {
      while (i < found && loop.isOpenInPass()) {
        long data = events.data(i);
        int bits = events.events(i++);
        SelectorKey key = watching(data);
        if (key == null && EpollControl.generation(data) != Registrations.NO_GENERATION) {
          stale = true;
        }
        handedOut += SelectLoop.handOut(key, BITS.toEvents(bits), handler);
      }
      i = 0;
    } finally {
      next = i;
    }
    if (stale) {
      stale = false;
      dropStale();
    }
    return handedOut;
  }

  /** What the last wait found, as it stands. */
  final EpollShim.Events found() {
    return events.found();
  }

  /** The key of an event, or null. */
  final @Nullable SelectorKey watching(long data) {
    return registrations.watching((int) data, EpollControl.generation(data));
  }

  private void dropStale() {
    loop.lock.lock();
    try {
      if (unremoved.isEmpty() || replaceSet()) {
        return;
      }
    } finally {
      loop.lock.unlock();
    }
    LockSupport.parkNanos(REPLACEMENT_RETRY_NANOS);
  }

  /** Puts a new set in place of the old one, with the lock held; false when that can't be had. */
  private boolean replaceSet() {
    replacing();
    EpollReplacement replacement = new EpollReplacement(loop, set, front);
    boolean replaced = replacement.replace();
    if (replaced) {
      unremoved.clear();
    }
    doubtful = replacement.doubtful();
    return replaced;
  }
}
