package io.github.selectors4j.internal.sets;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.PollShim;
import io.github.selectors4j.internal.system.SelectShim;
import io.github.selectors4j.internal.system.SelectShim.Sets;
import io.github.selectors4j.internal.system.SetBits;
import io.github.selectors4j.internal.system.SystemCalls;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What a descriptor is ready for at the moment: by poll(2), or else by select(2). */
public final class Look {

  private static final boolean HAS_POLL = PollSet.BITS.in() != 0;

  /** An array for the next one who looks. */
  private static final AtomicReference<PollShim.@Nullable Pollfds> SPARE = new AtomicReference<>();

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
    PollShim.Pollfds one = SPARE.getAndSet(null);
    if (one == null) {
      one = new PollShim.Pollfds(1);
    }
    PollShim.Pollfds array = one;
    array.set(0, fd, PollSet.BITS.of(events));
    int found = SystemCalls.await(nanos -> PollShim.await(array, 0, 1, nanos), 0);
    SystemCalls.check(found, "poll(fd " + fd + ")");
    int revents = found == 0 ? 0 : array.revents(0);
    SPARE.set(array);
    // macOS says so of a terminal that is open.
    return (revents & PollSet.BITS.invalid()) != 0
        ? bySelect(fd, events)
        : PollSet.BITS.toEvents(revents);
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
