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

  /** How long to wait for a descriptor to come free, instead of spinning on a stale event. */
  private static final long REPLACEMENT_RETRY_NANOS = 1_000_000;

  final SelectLoop loop;
  final Registrations registrations;
  private final int set;

  /** With the lock held. */
  final EpollControl control;

  private final EpollEvents events = new EpollEvents();

  /** Opened when somebody asks for it. With the loop's lock held. */
  private @Nullable EpollFront front;

  /** Whether that is to be readable. The same. */
  private boolean isToShowReady;

  /**
   * Made when a key for priority is added for the first time. Here, since each wait looks at it,
   * and touches nothing of the changes.
   */
  private volatile @Nullable KeptPriority kept;

  /** The event to go on with. */
  private int next;

  /** Whether this pass has met an event of an old registration. */
  private boolean stale;

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
    control = new EpollControl(loop, set);
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
    control.add(fd, generation, events, keptFor(events));
  }

  @Override
  public int change(int fd, int generation, int from, int to) throws SystemCallException {
    return control.change(fd, generation, from, to, keptFor(to));
  }

  /** What takes the priority that changes would lose, if that is one of these events. */
  private @Nullable KeptPriority keptFor(int events) {
    if ((events & Events.PRIORITY) == 0) {
      return null;
    }
    KeptPriority made = kept;
    if (made == null) {
      made = new KeptPriority();
      kept = made;
    }
    return made;
  }

  @Override
  public void remove(int fd, int events) {
    control.remove(fd);
  }

  @Override
  public void forget(int fd, int events) {
    control.forget(fd);
  }

  /** The set is replaced next, by one that is silent of nothing. With the lock held. */
  void replacing() {}

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
    int told = kept == null ? 0 : kept.take(loop.lock);
    if (told == 0) {
      return events.await(set, timeoutNanos);
    }
    int found = events.await(set, 0);
    return found < 0 ? found : found + told;
  }

  @Override
  public String waitCall() {
    return "epoll_wait(fd " + set + ")";
  }

  @Override
  public int complete(int found) {
    KeptPriority kept = this.kept;
    return kept == null ? events.addFurther(set, found) : completeWith(kept.tell(), found);
  }

  private int completeWith(long[] told, int found) {
    int all = events.addFurther(set, found - told.length);
    // Also to a key that is reported for something else: its priority may have been taken away.
    for (long data : told) {
      if (watching(data) != null) {
        all = events.add(all, BITS.priority(), data);
      }
    }
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
      if (!control.isAnyUnremoved() || replaceSet()) {
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
      control.replaced();
    }
    KeptPriority kept = this.kept;
    if (kept != null) {
      kept.doubt(replacement.doubtful());
    }
    return replaced;
  }
}
