package io.github.selectors4j.internal.sets;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.selecting.InterestSet;
import io.github.selectors4j.internal.selecting.PendingChanges;
import io.github.selectors4j.internal.selecting.Registrations;
import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.system.DescriptorSet;
import io.github.selectors4j.internal.system.DescriptorTable;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.PollShim;
import java.io.IOException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** poll(2): the set is this process's own, and given to each call. */
public final class PollSet implements InterestSet, IntConsumer {

  static final PollBits BITS =
      new PollBits(
          PollShim.value("POLLIN"),
          PollShim.value("POLLOUT"),
          PollShim.value("POLLPRI"),
          PollShim.value("POLLRDHUP"),
          PollShim.value("POLLNVAL"));

  private static final int INITIAL_CAPACITY = 64;

  private static final int FIRST = 1;

  /** The wake-up descriptor's entry, which never moves; so it means "none" for any other. */
  private static final int WAKEUP_INDEX = 0;

  private final SelectLoop loop;
  private final Registrations registrations;

  private final PendingChanges changes;

  // What the kernel reads, and whose entry is whose. For the selecting thread only.
  private PollShim.Pollfds pollfds = new PollShim.Pollfds(INITIAL_CAPACITY);
  private final DescriptorTable indexes = new DescriptorTable();
  private int count;

  /** Whether the last wait watched for wake-ups: they have nothing to end if it does not wait. */
  private boolean wakeable;

  /** The entry to go on with. */
  private int next = FIRST;

  /** The newest registration when the wait began. */
  private int newestGeneration;

  /**
   * A set in this process's memory.
   *
   * @throws UnsupportedOperationException when the platform lacks poll
   */
  public PollSet(SelectLoop loop) {
    this(loop, null);
  }

  /** The same, for no more of the loop's registrations than those. */
  PollSet(SelectLoop loop, @Nullable DescriptorSet only) {
    PollShim.require();
    this.loop = loop;
    registrations = loop.registrations;
    changes = new PendingChanges(loop, only, this);
  }

  @Override
  public void addWakeup(int fd) {
    pollfds.set(WAKEUP_INDEX, fd, BITS.in());
    count = FIRST;
  }

  @Override
  public void add(int fd, int generation, int events) throws SystemCallException {
    requirePollable(fd);
    changes.note(fd);
  }

  @Override
  public int change(int fd, int generation, int from, int to) throws SystemCallException {
    requirePollable(fd);
    changes.note(fd);
    return generation;
  }

  /** What poll takes for closed would be reported at every turn. */
  private static void requirePollable(int fd) throws SystemCallException {
    Descriptors.requireWaitable(fd);
    if (PollShim.refuses(fd)) {
      throw Errno.exception("poll(fd " + fd + ")", Errno.EINVAL);
    }
  }

  @Override
  public @Nullable String advice(int errno, int fd) {
    return errno == Errno.EINVAL
        ? "poll can't watch this device here: use a SelectSelector or DefaultSelector"
        : null;
  }

  @Override
  public void remove(int fd, int events) {
    changes.note(fd);
  }

  /** Adds a number that is registered already, be it open or not. */
  void watch(int fd) {
    changes.note(fd);
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
  public int await(long timeoutNanos) {
    newestGeneration = registrations.newestGeneration();
    changes.apply();
    wakeable = timeoutNanos != 0;
    int first = wakeable ? WAKEUP_INDEX : FIRST;
    return PollShim.await(pollfds, first, count - first, timeoutNanos);
  }

  @Override
  public String waitCall() {
    return "poll(" + count + " descriptors)";
  }

  @Override
  public @Nullable String waitAdvice(int errno) {
    return Descriptors.limitAdvice(errno, count);
  }

  @Override
  public int handOut(int found, ReadyHandler handler) throws IOException {
    PollShim.Pollfds pollfds = this.pollfds;
    int count = this.count;
    int handedOut = 0;
    int left = wakeable && pollfds.revents(WAKEUP_INDEX) != 0 ? found - 1 : found;
    int i = next;
    try {
      while (left > 0 && i < count && loop.isOpenInPass()) {
        int index = i++;
        int revents = pollfds.revents(index);
        if (revents != 0) {
          left--;
          // One that is newer than this wait may be of another file than the entry.
          SelectorKey key = registrations.watchingUntil(pollfds.fd(index), newestGeneration);
          handedOut += SelectLoop.handOut(key, BITS.toEvents(revents), handler);
        }
      }
      i = FIRST;
    } finally {
      next = i;
    }
    return handedOut;
  }

  /** Applies a change that was noted. */
  @Override
  public void accept(int fd) {
    SelectorKey key = changes.key(fd);
    int index = indexes.get(fd);
    if (key != null) {
      index = index == WAKEUP_INDEX ? append(fd) : index;
      pollfds.set(index, fd, BITS.of(key.events()));
    } else if (index != WAKEUP_INDEX) {
      fillGap(fd, index);
    }
  }

  private int append(int fd) {
    if (count == pollfds.capacity()) {
      pollfds = pollfds.grown();
    }
    indexes.put(fd, count);
    return count++;
  }

  /** Fills the gap with the last entry. */
  private void fillGap(int fd, int index) {
    int last = --count;
    pollfds.move(last, index);
    indexes.put(pollfds.fd(last), index);
    indexes.put(fd, WAKEUP_INDEX);
  }
}
