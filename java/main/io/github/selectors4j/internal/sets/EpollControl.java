package io.github.selectors4j.internal.sets;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.selecting.Registrations;
import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.system.EpollShim;
import io.github.selectors4j.internal.system.Errno;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Changes of an epoll set, in which each number has the generation of its registration beside it.
 * Whoever calls a method of an object holds the loop's lock, unless it says otherwise.
 */
final class EpollControl {

  /** Nothing but an error or a hang-up, and that once: {@code epoll_ctl} adds those by itself. */
  private static final int SILENT = EpollShim.value("EPOLLONESHOT");

  private final SelectLoop loop;
  private final Registrations registrations;
  private final int set;

  /** The numbers under which the set may hold a file that could not be removed. */
  private final BitSet unremoved = new BitSet();

  /** Of a loop's set that has nothing yet. */
  EpollControl(SelectLoop loop, int set) {
    this.loop = loop;
    registrations = loop.registrations;
    this.set = set;
  }

  /**
   * See {@code InterestSet}; so are the next ones.
   *
   * @param kept what takes the priority that this would lose, if that is asked for
   */
  void add(int fd, int generation, int events, @Nullable KeptPriority kept)
      throws SystemCallException {
    KeptPriority due = due(fd, kept);
    addTo(fd, generation, events);
    try {
      keep(due, fd, generation);
    } catch (Throwable t) {
      remove(fd);
      throw t;
    }
  }

  private void addTo(int fd, int generation, int events) throws SystemCallException {
    int result = attempt(set, EpollShim.ADD, fd, generation, events);
    if (result < 0 && result == -Errno.EEXIST && unremoved.get(fd)) {
      // The number names a file again that could not be removed when it did not.
      change(set, EpollShim.MOD, fd, generation, events);
    } else {
      check(EpollShim.ADD, fd, result);
    }
  }

  /**
   * An addition tells whether the number still names the file that the set holds under it, and, if
   * so, does not poll it as a modification does, which of some files takes an event away.
   */
  int change(int fd, int generation, int from, int to, @Nullable KeptPriority kept)
      throws SystemCallException {
    if (from == to) {
      int renewed = registrations.nextGeneration();
      int result = attempt(set, EpollShim.ADD, fd, renewed, to);
      if (result >= 0) {
        // A duplicate may keep the earlier file in the set.
        unremoved.set(fd);
        return renewed;
      }
      if (result != -Errno.EEXIST) {
        check(EpollShim.ADD, fd, result);
      }
      if (!unremoved.get(fd)) {
        return generation;
      }
    }
    return modify(fd, generation, to, kept);
  }

  private int modify(int fd, int generation, int events, @Nullable KeptPriority kept)
      throws SystemCallException {
    // An earlier file that the set may hold under this number would be revived.
    int inForce = unremoved.get(fd) ? registrations.nextGeneration() : generation;
    KeptPriority due = due(fd, kept);
    int result = attempt(set, EpollShim.MOD, fd, inForce, events);
    if (result == -Errno.ENOENT) {
      inForce = registrations.nextGeneration();
      unremoved.set(fd);
      addTo(fd, inForce, events);
    } else {
      check(EpollShim.MOD, fd, result);
    }
    keep(due, fd, inForce);
    return inForce;
  }

  void remove(int fd) {
    // A descriptor that was closed, or closed and reused, is not in the set under this number; its
    // file may be, if a duplicate keeps it open.
    if (EpollShim.control(set, EpollShim.DEL, fd, 0, 0) < 0) {
      unremoved.set(fd);
    }
  }

  /** A duplicate may keep the file in the set. */
  void forget(int fd) {
    unremoved.set(fd);
  }

  /**
   * Has the set be silent of a registration until it is changed to its events; false when that
   * can't be, or might meet an earlier file of the number.
   */
  boolean silence(int fd, int generation) {
    return !unremoved.get(fd)
        && EpollShim.control(set, EpollShim.MOD, fd, SILENT, data(fd, generation)) >= 0;
  }

  /** Whether the set may hold what could not be removed. */
  boolean isAnyUnremoved() {
    return !unremoved.isEmpty();
  }

  /** Another set has taken its place, with what is registered alone. */
  void replaced() {
    unremoved.clear();
  }

  /** The same if a change may take something away, or null. */
  private static @Nullable KeptPriority due(int fd, @Nullable KeptPriority kept) {
    return kept != null && kept.isDue(fd) ? kept : null;
  }

  private void keep(@Nullable KeptPriority due, int fd, int generation) {
    if (due != null && due.isGone(fd)) {
      due.add(data(fd, generation));
      loop.again();
    }
  }

  /** What tells a registration from others, in an event. */
  static long data(int fd, int generation) {
    return (long) generation << Integer.SIZE | fd;
  }

  static int generation(long data) {
    return (int) (data >>> Integer.SIZE);
  }

  /** Makes a change of any set: 0, or {@code -errno}. Without the lock; so are the next ones. */
  static int attempt(int epfd, int operation, int fd, int generation, int events) {
    return EpollShim.control(epfd, operation, fd, EpollSet.BITS.of(events), data(fd, generation));
  }

  /** Makes a change. */
  static void change(int epfd, int operation, int fd, int generation, int events)
      throws SystemCallException {
    check(operation, fd, attempt(epfd, operation, fd, generation, events));
  }

  /** Throws what a result says. */
  static void check(int operation, int fd, int result) throws SystemCallException {
    if (result < 0) {
      throw Errno.exception(EpollShim.describe(operation, fd), -result);
    }
  }
}
