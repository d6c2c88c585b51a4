package io.github.selectors4j.internal.sets;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.selecting.InterestSet;
import io.github.selectors4j.internal.selecting.PendingChanges;
import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.system.DescriptorSet;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.PollShim;
import java.io.IOException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** poll(2): the set is this process's own, and given to each call. */
public final class PollSet extends PolledKeys implements InterestSet, IntConsumer {

  /** The wake-up descriptor's entry. */
  private static final int WAKEUP_INDEX = 0;

  private static final int FIRST = 1;

  private final PendingChanges changes;

  // For the selecting thread only.
  private int wakeup;

  /** Whether the last wait watched for wake-ups: they have nothing to end if it does not wait. */
  private boolean wakeable;

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
    super(loop);
    PollShim.require();
    changes = new PendingChanges(loop, only, this);
  }

  @Override
  public void addWakeup(int fd) {
    wakeup = fd;
    array.put(fd, PollArray.BITS.in());
  }

  @Override
  public void add(int fd, int generation, int events) throws SystemCallException {
    requirePollable(fd);
    changes.note(fd);
  }

  @Override
  public int change(int fd, int generation, int from, int to) throws SystemCallException {
    requirePollable(fd);
    note(fd);
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
    note(fd);
  }

  private void note(int fd) {
    release(fd);
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
    return PollArray.BITS.supported();
  }

  @Override
  public int await(long timeoutNanos) {
    newestGeneration = registrations.newestGeneration();
    changes.apply();
    wakeable = timeoutNanos != 0;
    int first = wakeable ? WAKEUP_INDEX : FIRST;
    return PollShim.await(array.pollfds(), first, array.size() - first, timeoutNanos);
  }

  @Override
  public String waitCall() {
    return "poll(" + array.size() + " descriptors)";
  }

  @Override
  public @Nullable String waitAdvice(int errno) {
    return Descriptors.limitAdvice(errno, array.size());
  }

  @Override
  public int handOut(int found, ReadyHandler handler) throws IOException {
    boolean isWoken = wakeable && array.pollfds().revents(WAKEUP_INDEX) != 0;
    return handOut(FIRST, isWoken ? found - 1 : found, handler);
  }

  @Override
  @Nullable SelectorKey watching(int fd) {
    // One that is newer than this wait may be of another file than the entry.
    return registrations.watchingUntil(fd, newestGeneration);
  }

  @Override
  public void close() {
    releaseAll();
  }

  /** Applies a change that was noted. */
  @Override
  public void accept(int fd) {
    if (fd == wakeup) {
      return;
    }
    SelectorKey key = changes.key(fd);
    if (key != null) {
      put(fd, key);
    } else {
      drop(fd);
    }
  }
}
