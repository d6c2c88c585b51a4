package io.github.selectors4j;

import io.github.selectors4j.internal.Descriptors;
import io.github.selectors4j.internal.DevpollShim;
import io.github.selectors4j.internal.PollShim;
import java.io.IOException;
import java.util.BitSet;

/**
 * A selector over /dev/poll, poll(7d), on Solaris and illumos.
 *
 * <p>Older Solaris makes who changes the set wait until nobody waits for it: so each change wakes
 * the selecting thread first, which goes on when the change is complete.
 */
public final class DevpollSelector extends BaseSelector implements HasFileno {

  private static final int POLLIN = PollShim.value("POLLIN");
  private static final int POLLOUT = PollShim.value("POLLOUT");
  private static final int INITIAL_CAPACITY = 256;

  /** A removal and an addition. With the lock held. */
  private final PollShim.Pollfds changes;

  /** What the kernel may report, though it is not registered any more. With the lock held. */
  private final BitSet unremoved = new BitSet();

  private volatile int unremovedCount;
  private PollShim.Pollfds pollfds;
  private int newestGeneration;

  private DevpollSelector(PollShim.Pollfds changes, PollShim.Pollfds pollfds, int set)
      throws IOException {
    super(Mechanism.DEVPOLL, set);
    this.changes = changes;
    this.pollfds = pollfds;
  }

  /**
   * Opens a selector.
   *
   * @return a new selector
   * @throws UnsupportedOperationException when the platform lacks /dev/poll
   * @throws IOException when the system refuses, as for want of descriptors
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static DevpollSelector open() throws IOException {
    return started(
        new DevpollSelector(
            new PollShim.Pollfds(2), new PollShim.Pollfds(INITIAL_CAPACITY), DevpollShim.open()));
  }

  /**
   * The set's own descriptor. It stays the selector's to close.
   *
   * @return the descriptor
   * @throws java.nio.channels.ClosedSelectorException when the selector is closed
   */
  @Override
  public int fileno() {
    loop.requireOpen();
    return set;
  }

  @Override
  void add(int fd, int generation, int events) throws SystemCallException {
    replace("ADD", fd, events);
  }

  @Override
  void change(int fd, int generation, int from, int to) throws SystemCallException {
    replace("MODIFY", fd, to);
  }

  @Override
  void remove(int fd, int events) {
    changes.set(0, fd, DevpollShim.POLLREMOVE);
    noteRemoval(fd, DevpollShim.write(set, changes, 1) >= 0);
  }

  @Override
  int await(long timeoutNanos) {
    newestGeneration = registrations.newestGeneration();
    // Every descriptor and the wake-up: never as many as the process may open, which the kernel
    // would refuse.
    int maximum = Math.min(pollfds.capacity(), registrations.size() + 1 + unremovedCount);
    return DevpollShim.await(set, pollfds, maximum, timeoutNanos);
  }

  @Override
  String waitCall() {
    return "ioctl(/dev/poll, DP_POLL)";
  }

  @Override
  boolean outgrown(int found) {
    if (found < pollfds.capacity()) {
      return false;
    }
    pollfds = new PollShim.Pollfds(2 * pollfds.capacity());
    return true;
  }

  @Override
  int handOut(int found, ReadyHandler handler) throws IOException {
    int handedOut = 0;
    for (int i = 0; i < found && loop.isOpenInPass(); i++) {
      // One that is newer than this wait may be of another file than the event.
      int fd = pollfds.fd(i);
      SelectorKey key = registrations.getUntil(fd, newestGeneration);
      handedOut += handOut(key, toEvents(pollfds.revents(i), POLLIN, POLLOUT), handler);
      if (key == null && fd != loop.wakeupDescriptor()) {
        removeStale(fd);
      }
    }
    return handedOut;
  }

  private void noteRemoval(int fd, boolean removed) {
    unremoved.set(fd, !removed);
    unremovedCount = unremoved.cardinality();
  }

  /** A descriptor whose removal failed would end every wait. */
  private void removeStale(int fd) {
    loop.lock.lock();
    try {
      if (unremoved.get(fd)) {
        remove(fd, EVENT_READ | EVENT_WRITE);
      }
    } finally {
      loop.lock.unlock();
    }
  }

  /**
   * The kernel adds events to those that are there, which a removal that failed has left behind:
   * they are removed first. It takes a number that is not open without a word, and never reports
   * it.
   */
  private void replace(String change, int fd, int events) throws SystemCallException {
    Descriptors.requireOpen(fd);
    changes.set(0, fd, DevpollShim.POLLREMOVE);
    changes.set(1, fd, fromEvents(events, POLLIN, POLLOUT));
    int result = DevpollShim.write(set, changes, 2);
    noteRemoval(fd, result >= 0 || !unremoved.get(fd));
    if (result < 0) {
      throw new SystemCallException("write(/dev/poll, " + change + " fd " + fd + ")", -result);
    }
  }
}
