package io.github.selectors4j.internal.sets;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.EpollRefusal;
import io.github.selectors4j.internal.system.EpollShim;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.SystemCalls;

/**
 * An epoll set in front of another one, which may be replaced: who watches this one does not lose
 * sight of it then. It is made when somebody asks for it, as each event of the other then takes
 * longer. Whoever calls a method holds the loop's lock.
 */
final class EpollFront {

  private static final int EPOLLIN = EpollShim.value("EPOLLIN");
  private static final int EPOLLOUT = EpollShim.value("EPOLLOUT");
  private static final int NONE = -1;

  private int front = NONE;

  /** Always ready; there while this is to be readable whatever the set behind it has. */
  private int ready = NONE;

  private boolean isToBeReady;

  /** The descriptor, if it was asked for; negative otherwise. */
  int number() {
    return front;
  }

  /** The descriptor, in front of that set. */
  int open(int set) throws SystemCallException {
    if (front == NONE) {
      int opened = EpollShim.open();
      try {
        add(opened, set, EPOLLIN);
      } catch (SystemCallException e) {
        Descriptors.close(opened);
        throw Errno.exception(
            e.call(), e.errno(), EpollRefusal.meaning(e.errno(), set, opened), null);
      }
      front = opened;
      showReady(isToBeReady);
    }
    return front;
  }

  /** Has this see a set that takes the place of the one behind it. */
  void addReplacement(int set) throws SystemCallException {
    if (front != NONE) {
      add(front, set, EPOLLIN);
    }
  }

  /**
   * Has the kernel tell, of a set that took another one's place, the number that it is known by:
   * the one under which it was added is closed next. Without that, all but messages works, too.
   */
  void renumber(int replacement, int set) {
    if (front != NONE && EpollShim.control(front, EpollShim.ADD, set, EPOLLIN, set) >= 0) {
      EpollShim.control(front, EpollShim.DEL, replacement, 0, 0);
    }
  }

  /** See {@code InterestSet}. */
  void showReady(boolean isReady) {
    isToBeReady = isReady;
    try {
      if (front != NONE && isReady && ready == NONE) {
        ready = Descriptors.openBroken();
        add(front, ready, EPOLLOUT);
      } else if (!isReady) {
        closeReady();
      }
    } catch (SystemCallException scarce) {
      // Who watches the descriptor learns too little then; a select does not.
      closeReady();
    }
  }

  private void closeReady() {
    close(ready);
    ready = NONE;
  }

  void close() {
    close(front);
    close(ready);
  }

  private static void close(int fd) {
    if (fd != NONE) {
      Descriptors.close(fd);
    }
  }

  private static void add(int front, int fd, int events) throws SystemCallException {
    SystemCalls.check(
        EpollShim.control(front, EpollShim.ADD, fd, events, fd),
        EpollShim.describe(EpollShim.ADD, fd));
  }
}
