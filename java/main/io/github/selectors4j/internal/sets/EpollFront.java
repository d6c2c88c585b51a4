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

  private final int front;

  /** Always ready; there while this is to be readable whatever the set behind it has. */
  private int ready = NONE;

  private EpollFront(int front) {
    this.front = front;
  }

  /** Opens one in front of that set. */
  static EpollFront open(int set) throws SystemCallException {
    int opened = EpollShim.open();
    try {
      add(opened, set, EPOLLIN);
    } catch (SystemCallException e) {
      Descriptors.close(opened);
      throw Errno.exception(
          e.call(), e.errno(), EpollRefusal.meaning(e.errno(), set, opened), null);
    }
    return new EpollFront(opened);
  }

  /** The descriptor. */
  int number() {
    return front;
  }

  /** Has this see a set that takes the place of the one behind it. */
  void addReplacement(int set) throws SystemCallException {
    add(front, set, EPOLLIN);
  }

  /**
   * Has the kernel tell, of a set that took another one's place, the number that it is known by:
   * the one under which it was added is closed next. Without that, all but messages works, too.
   */
  void renumber(int replacement, int set) {
    if (EpollShim.control(front, EpollShim.ADD, set, EPOLLIN, set) >= 0) {
      EpollShim.control(front, EpollShim.DEL, replacement, 0, 0);
    }
  }

  /** See {@code InterestSet}. */
  void showReady(boolean isReady) {
    try {
      if (isReady && ready == NONE) {
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
    if (ready != NONE) {
      Descriptors.close(ready);
      ready = NONE;
    }
  }

  void close() {
    Descriptors.close(front);
    closeReady();
  }

  private static void add(int front, int fd, int events) throws SystemCallException {
    SystemCalls.check(
        EpollShim.control(front, EpollShim.ADD, fd, events, fd),
        EpollShim.describe(EpollShim.ADD, fd));
  }
}
