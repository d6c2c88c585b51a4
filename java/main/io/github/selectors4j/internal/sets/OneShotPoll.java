package io.github.selectors4j.internal.sets;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.selecting.Wakeup;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.PollShim;
import org.jspecify.annotations.Nullable;

/** poll(2): what was reported is taken out of the array. */
final class OneShotPoll extends OneShotsInTurn {

  private static final PollBits BITS = PollArray.BITS;

  private final PollArray array = new PollArray();

  /** How many there were when the system took no more. */
  private int tooMany;

  private OneShotPoll(Wakeup wakeup) {
    super(wakeup);
    array.put(wakeup.descriptor(), BITS.in());
  }

  /**
   * A set in this process's memory.
   *
   * @throws UnsupportedOperationException when the platform lacks poll
   * @throws SystemCallException when the system refuses, as for want of descriptors
   */
  static OneShotPoll open() throws SystemCallException {
    PollShim.require();
    return new OneShotPoll(Wakeup.open());
  }

  @Override
  public Mechanism mechanism() {
    return Mechanism.POLL;
  }

  @Override
  public int supported() {
    return BITS.supported();
  }

  @Override
  void watch(int fd, int events) {
    if (events == 0) {
      array.remove(fd);
    } else {
      array.put(fd, BITS.of(events));
    }
  }

  @Override
  int awaitOnce(long timeoutNanos) {
    int found = PollShim.await(array.pollfds(), 0, array.size(), timeoutNanos);
    if (found == -Errno.EINVAL) {
      tooMany = array.size();
      array.clear(); // whoever is told of it waits no longer
    }
    return found;
  }

  @Override
  void report(int found) {
    PollShim.Pollfds pollfds = array.pollfds();
    int left = found;
    for (int i = 0; left > 0; i++) {
      int revents = pollfds.revents(i);
      if (revents != 0) {
        left--;
        add(pollfds.fd(i), BITS, revents);
      }
    }
  }

  @Override
  public String waitCall() {
    return "poll(" + Math.max(tooMany, array.size()) + " descriptors)";
  }

  @Override
  public @Nullable String waitAdvice(int errno) {
    return Descriptors.limitAdvice(errno, tooMany);
  }
}
