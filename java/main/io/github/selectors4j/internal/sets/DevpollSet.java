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
import io.github.selectors4j.internal.system.DevpollShim;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.PollShim;
import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * /dev/poll, poll(7d), on Solaris and illumos.
 *
 * <p>Older Solaris makes who changes the set wait until nobody waits for it: so each change wakes
 * the selecting thread first, which goes on when the change is complete.
 */
public final class DevpollSet implements InterestSet {

  private static final PollBits BITS = PollArray.BITS;
  private static final int INITIAL_CAPACITY = 256;

  private final SelectLoop loop;
  private final Registrations registrations;
  private final int set;

  /** A removal and an addition. With the lock held. */
  private final PollShim.Pollfds changes = new PollShim.Pollfds(2);

  /** What the kernel may report, though it is not registered any more. With the lock held. */
  private final BitSet unremoved = new BitSet();

  private volatile int unremovedCount;
  private PollShim.Pollfds pollfds = new PollShim.Pollfds(INITIAL_CAPACITY);
  private int newestGeneration;

  /** The event to go on with. */
  private int next;

  /**
   * Opens a set.
   *
   * @throws UnsupportedOperationException when the platform lacks /dev/poll
   * @throws SystemCallException when the system refuses, as for want of descriptors
   */
  public DevpollSet(SelectLoop loop) throws SystemCallException {
    this.loop = loop;
    registrations = loop.registrations;
    set = DevpollShim.open();
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
    replace("ADD", fd, events);
  }

  @Override
  public int change(int fd, int generation, int from, int to) throws SystemCallException {
    replace("MODIFY", fd, to);
    return generation;
  }

  @Override
  public @Nullable String meaning(int errno, int fd) {
    return errno == Errno.EINVAL && fd == set ? "a set can't watch itself" : null;
  }

  @Override
  public Mechanism mechanism() {
    return Mechanism.DEVPOLL;
  }

  @Override
  public int supported() {
    return BITS.supported();
  }

  @Override
  public void remove(int fd, int events) {
    changes.set(0, fd, DevpollShim.POLLREMOVE);
    noteRemoval(fd, DevpollShim.write(set, changes, 1) >= 0);
  }

  @Override
  public int await(long timeoutNanos) {
    newestGeneration = registrations.newestGeneration();
    int maximum = maximum();
    if (maximum > pollfds.capacity()) {
      pollfds = new PollShim.Pollfds(Math.max(maximum, 2 * pollfds.capacity()));
    }
    return DevpollShim.await(set, pollfds, maximum, timeoutNanos);
  }

  /** All that may be reported: never as many as the process may open, which is refused. */
  private int maximum() {
    return registrations.size() + 1 + unremovedCount;
  }

  @Override
  public String waitCall() {
    return "ioctl(/dev/poll, DP_POLL)";
  }

  @Override
  public @Nullable String waitAdvice(int errno) {
    return Descriptors.limitAdvice(errno, maximum());
  }

  @Override
  public int handOut(int found, ReadyHandler handler) throws IOException {
    int handedOut = 0;
    int i = next;
    try {
      while (i < found && loop.isOpenInPass()) {
        // One that is newer than this wait may be of another file than the event.
        int fd = pollfds.fd(i);
        int revents = pollfds.revents(i++);
        SelectorKey key = registrations.watchingUntil(fd, newestGeneration);
        handedOut += SelectLoop.handOut(key, BITS.toEvents(revents), handler);
        if (key == null && fd != loop.wakeupDescriptor()) {
          removeStale(fd);
        }
      }
      i = 0;
    } finally {
      next = i;
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
        remove(fd, Events.ALL);
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
    if (fd == set) {
      throw Errno.exception(describe(change, fd), Errno.EINVAL);
    }
    Descriptors.requireWaitable(fd);
    changes.set(0, fd, DevpollShim.POLLREMOVE);
    changes.set(1, fd, BITS.of(events));
    int result = DevpollShim.write(set, changes, 2);
    noteRemoval(fd, result >= 0 || !unremoved.get(fd));
    if (result < 0) {
      throw Errno.exception(describe(change, fd), -result);
    }
  }

  private static String describe(String change, int fd) {
    return "write(/dev/poll, " + change + " fd " + fd + ")";
  }
}
