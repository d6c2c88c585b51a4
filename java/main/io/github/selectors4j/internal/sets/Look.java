package io.github.selectors4j.internal.sets;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.PollShim;
import io.github.selectors4j.internal.system.SelectShim;
import io.github.selectors4j.internal.system.SelectShim.Sets;
import io.github.selectors4j.internal.system.SetBits;
import io.github.selectors4j.internal.system.SystemCalls;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What a descriptor is ready for at the moment: by poll(2), or else by select(2). */
public final class Look {

  private static final boolean HAS_POLL = PollArray.BITS.in() != 0;

  /** For the next one who looks. */
  private static final AtomicReference<@Nullable Poll> SPARE = new AtomicReference<>();

  /** Of one descriptor. */
  private static final class Poll implements SystemCalls.Wait {
    final PollShim.Pollfds pollfd = new PollShim.Pollfds(1);

    @Override
    public int await(long timeoutNanos) {
      return PollShim.await(pollfd, 0, 1, timeoutNanos);
    }
  }

  private Look() {}

  /**
   * Looks once.
   *
   * @param events what to look for
   * @return what was found, which may be more than that
   * @throws SystemCallException EBADF when it is not open, and as the system refuses
   */
  public static int at(int fd, int events) throws SystemCallException {
    if (!HAS_POLL) {
      return bySelect(fd, events);
    }
    Poll spare = SPARE.getAndSet(null);
    Poll poll = spare == null ? new Poll() : spare;
    poll.pollfd.set(0, fd, PollArray.BITS.of(events));
    int found = SystemCalls.await(poll, 0);
    if (found < 0) {
      throw Errno.exception("poll(fd " + fd + ")", -found);
    }
    int revents = found == 0 ? 0 : poll.pollfd.revents(0);
    SPARE.set(poll);
    // macOS says so of a terminal that is open.
    return (revents & PollArray.BITS.invalid()) != 0
        ? bySelect(fd, events)
        : PollArray.BITS.toEvents(revents);
  }

  private static int bySelect(int fd, int events) throws SystemCallException {
    Descriptors.requireWaitable(fd);
    SetBits bits = SetBits.create();
    int bit = bits.assign(fd);
    Sets sets = new Sets(bit + 1);
    sets.set(Sets.READ, bit, (events & Events.READ) != 0);
    sets.set(Sets.WRITE, bit, (events & Events.WRITE) != 0);
    sets.set(Sets.EXCEPT, bit, (events & Events.PRIORITY) != 0);
    int found = SystemCalls.await(nanos -> SelectShim.await(sets, bits, bit + 1, nanos), 0);
    SystemCalls.check(found, "select(fd " + fd + ")");
    return found == 0
        ? 0
        : (sets.isReady(Sets.READ, bit) ? Events.READ : 0)
            | (sets.isReady(Sets.WRITE, bit) ? Events.WRITE : 0)
            | (sets.isReady(Sets.EXCEPT, bit) ? Events.PRIORITY : 0);
  }
}
