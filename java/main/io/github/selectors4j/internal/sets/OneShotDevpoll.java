package io.github.selectors4j.internal.sets;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.selecting.Wakeup;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.DevpollShim;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.PollShim;

/**
 * /dev/poll: what was reported is taken out of the set. The waiting thread changes it, for older
 * Solaris makes anybody else wait until nobody waits.
 */
final class OneShotDevpoll extends OneShotsInTurn {

  private static final PollBits BITS = PollArray.BITS;

  /** Room for this many is refused where the process may open no more than that. */
  private static final int CAPACITY = 64;

  private final int set;
  private final PollShim.Pollfds changes = new PollShim.Pollfds(2);
  private final PollShim.Pollfds pollfds = new PollShim.Pollfds(CAPACITY);

  private OneShotDevpoll(int set, Wakeup wakeup) throws SystemCallException {
    super(wakeup);
    this.set = set;
    try {
      watch(wakeup.descriptor(), Events.READ);
    } catch (Throwable t) {
      close();
      throw t;
    }
  }

  /**
   * Opens a set.
   *
   * @throws UnsupportedOperationException when the platform lacks /dev/poll
   * @throws SystemCallException when the system refuses, as for want of descriptors
   */
  static OneShotDevpoll open() throws SystemCallException {
    int set = DevpollShim.open();
    Wakeup wakeup;
    try {
      wakeup = Wakeup.open();
    } catch (Throwable t) {
      Descriptors.close(set);
      throw t;
    }
    return new OneShotDevpoll(set, wakeup);
  }

  @Override
  public Mechanism mechanism() {
    return Mechanism.DEVPOLL;
  }

  @Override
  public int supported() {
    return BITS.supported();
  }

  /**
   * The kernel adds events to those that are there: they are removed first. What can't be removed
   * is reported again, and then removed.
   */
  @Override
  void watch(int fd, int events) throws SystemCallException {
    changes.set(0, fd, DevpollShim.POLLREMOVE);
    changes.set(1, fd, BITS.of(events));
    int result = DevpollShim.write(set, changes, events == 0 ? 1 : 2);
    if (result < 0 && events != 0) {
      throw Errno.exception("write(/dev/poll, ADD fd " + fd + ")", -result);
    }
  }

  @Override
  int awaitOnce(long timeoutNanos) {
    int found = DevpollShim.await(set, pollfds, CAPACITY, timeoutNanos);
    return found == -Errno.EINVAL ? DevpollShim.await(set, pollfds, 1, timeoutNanos) : found;
  }

  @Override
  void report(int found) {
    for (int i = 0; i < found; i++) {
      add(pollfds.fd(i), BITS, pollfds.revents(i));
    }
  }

  @Override
  public String waitCall() {
    return "ioctl(/dev/poll, DP_POLL)";
  }

  @Override
  public void close() {
    Descriptors.close(set);
    super.close();
  }
}
