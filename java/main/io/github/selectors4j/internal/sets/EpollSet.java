package io.github.selectors4j.internal.sets;

import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.selecting.InterestSet;
import io.github.selectors4j.internal.selecting.Registrations;
import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.system.Descriptors;
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
public final class EpollSet implements InterestSet {

  private static final int EPOLLIN = EpollShim.value("EPOLLIN");
  private static final int EPOLLOUT = EpollShim.value("EPOLLOUT");
  private static final int INITIAL_CAPACITY = 256;

  /** How long to wait for a descriptor to come free, instead of spinning on a stale event. */
  private static final long REPLACEMENT_RETRY_NANOS = 1_000_000;

  private final SelectLoop loop;
  private final Registrations registrations;
  private final int set;

  private EpollShim.Events events = new EpollShim.Events(INITIAL_CAPACITY);

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
  public void close() {
    Descriptors.close(set);
  }

  @Override
  public void add(int fd, int generation, int events) throws SystemCallException {
    int result = tryControl(set, EpollShim.ADD, fd, generation, events);
    if (result == -Errno.EEXIST && unremoved.get(fd)) {
      // The number names a file again that could not be removed when it did not.
      change(fd, generation, 0, events);
    } else {
      check(EpollShim.ADD, fd, result);
    }
  }

  @Override
  public void change(int fd, int generation, int from, int to) throws SystemCallException {
    control(set, EpollShim.MOD, fd, generation, to);
  }

  @Override
  public void remove(int fd, int events) {
    // A descriptor that was closed, or closed and reused, is not in the set under this number; its
    // file may be, if a duplicate keeps it open.
    if (EpollShim.control(set, EpollShim.DEL, fd, 0, 0) < 0) {
      unremoved.set(fd);
    }
  }

  @Override
  public boolean mayHoldAnother(int fd) {
    return unremoved.get(fd);
  }

  @Override
  public boolean waitSeesChanges() {
    return true;
  }

  @Override
  public @Nullable String advice(int errno, int fd) {
    return errno == Errno.EPERM
        ? "it is always ready and needs no waiting, or takes a PollSelector"
        : null;
  }

  @Override
  public int await(long timeoutNanos) {
    return EpollShim.await(set, events, events.capacity(), timeoutNanos);
  }

  @Override
  public String waitCall() {
    return "epoll_wait(fd " + set + ")";
  }

  @Override
  public boolean outgrown(int found) {
    if (found < events.capacity()) {
      return false;
    }
    events = new EpollShim.Events(2 * events.capacity());
    return true;
  }

  @Override
  public int handOut(int found, ReadyHandler handler) throws IOException {
    EpollShim.Events events = this.events;
    Registrations registrations = this.registrations;
    SelectLoop loop = this.loop;
    int handedOut = 0;
    boolean stale = false;
    for (int i = 0; i < found && loop.isOpenInPass(); i++) {
      long data = events.data(i);
      int generation = (int) (data >>> Integer.SIZE);
      SelectorKey key = registrations.get((int) data, generation);
      handedOut +=
          SelectLoop.handOut(key, PollBits.toEvents(events.events(i), EPOLLIN, EPOLLOUT), handler);
      stale |= key == null && generation != Registrations.NO_GENERATION;
    }
    if (stale) {
      dropStale();
    }
    return handedOut;
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
    int replacement;
    try {
      replacement = EpollShim.open();
    } catch (SystemCallException noDescriptor) {
      return false;
    }
    try {
      int none = Registrations.NO_GENERATION;
      control(replacement, EpollShim.ADD, loop.wakeupDescriptor(), none, Events.READ);
      for (SelectorKey key : registrations.all()) {
        copyTo(replacement, key);
      }
      if (EpollShim.replace(replacement, set) < 0) {
        return false;
      }
      unremoved.clear();
      return true;
    } catch (SystemCallException outOfMemory) {
      return false;
    } finally {
      Descriptors.close(replacement);
    }
  }

  /** Leaves out what the old set has forgotten: the number may be another file's by now. */
  private void copyTo(int replacement, SelectorKey key) throws SystemCallException {
    int fd = key.fd();
    int generation = registrations.generation(fd);
    int known = tryControl(set, EpollShim.MOD, fd, generation, key.events());
    if (known == -Errno.ENOMEM) {
      check(EpollShim.MOD, fd, known); // which says nothing about the registration
    } else if (known >= 0) {
      control(replacement, EpollShim.ADD, fd, generation, key.events());
    }
  }

  private static void control(int epfd, int operation, int fd, int generation, int events)
      throws SystemCallException {
    check(operation, fd, tryControl(epfd, operation, fd, generation, events));
  }

  private static void check(int operation, int fd, int result) throws SystemCallException {
    if (result < 0) {
      throw Errno.exception(EpollShim.describe(operation, fd), -result);
    }
  }

  private static int tryControl(int epfd, int operation, int fd, int generation, int events) {
    long data = (long) generation << Integer.SIZE | fd;
    return EpollShim.control(epfd, operation, fd, PollBits.of(events, EPOLLIN, EPOLLOUT), data);
  }
}
