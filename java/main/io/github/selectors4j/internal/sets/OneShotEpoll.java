package io.github.selectors4j.internal.sets;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.system.EpollRefusal;
import io.github.selectors4j.internal.system.EpollShim;
import io.github.selectors4j.internal.system.Errno;
import org.jspecify.annotations.Nullable;

/**
 * epoll(7): what was reported stays in the kernel's set, switched off, so that to arm it again is
 * one call. That call tells, too, when the number names another file.
 */
final class OneShotEpoll extends OneShotsInKernel {

  private static final PollBits BITS = EpollSet.BITS;
  private static final int EPOLLONESHOT = EpollShim.value("EPOLLONESHOT");
  private static final int CAPACITY = 512;

  /** The wake-up's data. */
  private static final long NO_NUMBER = -1;

  private final EpollShim.Events events;
  private final EpollHistory history;

  /**
   * Opens a set.
   *
   * @throws UnsupportedOperationException when the platform lacks epoll
   * @throws SystemCallException when the system refuses, as for want of descriptors
   */
  OneShotEpoll() throws SystemCallException {
    this(new EpollShim.Events(CAPACITY));
  }

  private OneShotEpoll(EpollShim.Events events) throws SystemCallException {
    super(EpollShim.open());
    this.events = events;
    history = new EpollHistory(set);
    int fd = wakeupDescriptor();
    int result = EpollShim.control(set, EpollShim.ADD, fd, BITS.in(), NO_NUMBER);
    if (result < 0) {
      close();
      throw failure(EpollShim.ADD, fd, result);
    }
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
  public boolean leavesToOthers(int errno) {
    return errno == Errno.EPERM;
  }

  @Override
  public @Nullable String meaning(int errno, int fd) {
    return EpollRefusal.meaning(errno, fd, set);
  }

  @Override
  public @Nullable String advice(int errno, int fd) {
    return EpollRefusal.advice(errno, fd);
  }

  @Override
  public boolean arm(int fd, int generation, int known, int events) throws SystemCallException {
    if (known != 0) {
      int result = control(set, EpollShim.MOD, fd, generation, events);
      if (result >= 0) {
        return true;
      }
      if (result != -Errno.ENOENT) {
        throw failure(EpollShim.MOD, fd, result);
      }
    }
    int added = control(set, EpollShim.ADD, fd, generation, events);
    if (added == -Errno.EEXIST) {
      // A duplicate kept the file in the set until the number named it again.
      int result = control(set, EpollShim.MOD, fd, generation, events);
      if (result < 0) {
        throw failure(EpollShim.MOD, fd, result);
      }
    } else if (added < 0) {
      throw failure(EpollShim.ADD, fd, added);
    }
    return false;
  }

  @Override
  public boolean rearm(int fd, int generation, int known, int events) throws SystemCallException {
    int result = control(set, EpollShim.MOD, fd, generation, events);
    if (result >= 0 || isAnother(result)) {
      return result >= 0;
    }
    throw failure(EpollShim.MOD, fd, result);
  }

  private static boolean isAnother(int result) {
    return result == -Errno.ENOENT || result == -Errno.EBADF || result == -Errno.EPERM;
  }

  /** An addition tells, and neither changes what is there nor polls its file. */
  @Override
  public boolean names(int fd, int generation, int armed) {
    int result = control(set, EpollShim.ADD, fd, 0, 0);
    if (result >= 0) {
      EpollShim.control(set, EpollShim.DEL, fd, 0, 0);
    }
    return result == -Errno.EEXIST;
  }

  @Override
  public EarlierFiles earlierFiles(int fd) {
    return history.of(fd);
  }

  @Override
  public void remove(int fd, int known) {
    EpollShim.control(set, EpollShim.DEL, fd, 0, 0);
  }

  /** Makes a change of what reports once: 0, or {@code -errno}. */
  static int control(int set, int operation, int fd, int generation, int events) {
    long data = (long) generation << Integer.SIZE | fd;
    return EpollShim.control(set, operation, fd, BITS.of(events) | EPOLLONESHOT, data);
  }

  private static SystemCallException failure(int operation, int fd, int result) {
    return Errno.exception(EpollShim.describe(operation, fd), -result);
  }

  @Override
  public int await(long timeoutNanos) {
    return EpollShim.await(set, events, CAPACITY, timeoutNanos);
  }

  @Override
  public int fd(int index) {
    return (int) events.data(index);
  }

  @Override
  public int generation(int index) {
    return generation(events.data(index));
  }

  static int generation(long data) {
    return (int) (data >>> Integer.SIZE);
  }

  @Override
  public int found(int index) {
    return BITS.toEvents(events.events(index));
  }

  @Override
  public String waitCall() {
    return "epoll_wait(fd " + set + ")";
  }
}
