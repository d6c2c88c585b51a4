package io.github.selectors4j.internal.sets;

import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.selecting.Registrations;
import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.system.DescriptorSet;
import io.github.selectors4j.internal.system.DescriptorTable;
import io.github.selectors4j.internal.system.EpollShim;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.PollShim;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The keys that are asked for by poll(2) in place of a kernel's set, and their way there and back.
 * The selecting thread alone adds to them; each thread may take one out, which leaves what was
 * found of it to be handed out, as its key stands by then.
 */
final class HotKeys extends PolledKeys {

  private static final int NO_EVENTS = 0;

  /** What the kernel's set reports without being asked. */
  private static final int END = EpollShim.value("EPOLLERR") | EpollShim.value("EPOLLHUP");

  private final EpollControl control;

  /** Of the entries. For the selecting thread only. */
  private final DescriptorTable generations = new DescriptorTable();

  /** Whose entries count. With the lock held. */
  private final DescriptorSet hot = new DescriptorSet();

  private int size;

  /** Whether the array has entries that don't count any more. */
  private volatile boolean outdated;

  /** None, of those that a loop's epoll set has. */
  HotKeys(SelectLoop loop, EpollControl control) {
    super(loop);
    this.control = control;
  }

  /** How many there are, with the lock held. */
  int size() {
    return size;
  }

  /**
   * Has one be asked for by poll from now on, of which nothing is found yet, and the kernel's set
   * be silent of it; false when that can't be, or is so already. For the selecting thread, with the
   * lock held.
   */
  boolean add(SelectorKey key, int generation) {
    int fd = key.fd();
    if (hot.contains(fd) || !control.silence(fd, generation)) {
      return false;
    }
    put(fd, key);
    array.pollfds().clear(array.index(fd));
    generations.put(fd, generation);
    hot.add(fd);
    size++;
    return true;
  }

  /** Takes one out, if it is there, with the lock held. */
  void remove(int fd) {
    if (hot.remove(fd)) {
      release(fd);
      size--;
      outdated = true;
    }
  }

  /** Takes all out, with the lock held. */
  void clear() {
    for (int i = 0; i < array.size(); i++) {
      remove(array.pollfds().fd(i));
    }
  }

  /**
   * Has all go back to the kernel's set, or those that the last poll did not find ready. What is
   * closed stays, for that is ready for good, and what the system has no room for now. What names
   * another file by now, which epoll refuses, is forgotten, as epoll does it. With the lock held.
   *
   * @return what the system said when it had no room, or null
   */
  @Nullable SystemCallException giveBack(boolean idleOnly) {
    SystemCallException scarce = null;
    PollShim.Pollfds pollfds = array.pollfds();
    for (int i = 0; i < array.size(); i++) {
      int fd = pollfds.fd(i);
      if (hot.contains(fd) && !(idleOnly && pollfds.revents(i) != 0)) {
        try {
          giveBack(fd);
          remove(fd);
        } catch (SystemCallException e) {
          if (e.errno() == Errno.ENOMEM || e.errno() == Errno.ENOSPC) {
            scarce = e;
          } else if (e.errno() != Errno.EBADF) {
            remove(fd);
          }
        }
      }
    }
    return scarce;
  }

  private void giveBack(int fd) throws SystemCallException {
    SelectorKey key = registrations.get(fd);
    if (key != null) {
      int generation = registrations.generation(fd);
      int inForce = control.change(fd, generation, NO_EVENTS, key.events(), null);
      if (inForce != generation) {
        registrations.replace(key, inForce);
      }
    }
  }

  /** Whether there are some. Without the lock. */
  boolean isAnyLeft() {
    loop.lock.lock();
    try {
      return size > 0;
    } finally {
      loop.lock.unlock();
    }
  }

  /** Whether there may be some to poll. For the selecting thread, without the lock. */
  boolean any() {
    return array.size() > 0;
  }

  /**
   * Asks for all without waiting. For the selecting thread, without the lock.
   *
   * @return how many are ready, or {@code -errno}
   */
  int poll() {
    if (outdated) {
      dropOutdated();
    }
    return array.size() == 0 ? 0 : PollShim.await(array.pollfds(), 0, array.size(), 0);
  }

  private void dropOutdated() {
    loop.lock.lock();
    try {
      outdated = false;
      for (int i = array.size() - 1; i >= 0; i--) {
        int fd = array.pollfds().fd(i);
        if (!hot.contains(fd)) {
          drop(fd);
        }
      }
    } finally {
      loop.lock.unlock();
    }
  }

  /**
   * Has what the last poll and a wait of the kernel's set both found be told by one of them. For
   * the selecting thread, without the lock.
   *
   * @param found how many events the wait found
   * @return how many of those that poll found are not to be handed out any more
   */
  int tellOnce(EpollShim.Events events, int found) {
    int takenBack = 0;
    for (int i = 0; i < found; i++) {
      long data = events.data(i);
      int fd = (int) data;
      int generation = EpollControl.generation(data);
      if (wasAsked(fd, generation) && registrations.watching(fd, generation) != null) {
        if ((events.events(i) & ~END) == 0) {
          // Of a key that the set is silent of, as poll knows, too; nor is it stale later on.
          events.set(i, 0, EpollControl.data(fd, Registrations.NO_GENERATION));
        } else if (isTakenBack(fd)) {
          // Of one that was changed in between: the later answer counts.
          takenBack++;
        }
      }
    }
    return takenBack;
  }

  private boolean wasAsked(int fd, int generation) {
    return array.index(fd) >= 0 && generations.get(fd) == generation;
  }

  /** Has what the last poll found of one not be handed out; returns whether there was something. */
  private boolean isTakenBack(int fd) {
    int index = array.index(fd);
    boolean found = array.pollfds().revents(index) != 0;
    array.pollfds().clear(index);
    return found;
  }

  @Override
  @Nullable SelectorKey watching(int fd) {
    return registrations.watching(fd, generations.get(fd));
  }

  /** As an interest set. */
  int handOut(int found, ReadyHandler handler) throws IOException {
    return handOut(0, found, handler);
  }
}
