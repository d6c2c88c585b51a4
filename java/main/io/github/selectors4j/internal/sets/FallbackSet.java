package io.github.selectors4j.internal.sets;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.selecting.InterestSet;
import io.github.selectors4j.internal.selecting.Refusals;
import io.github.selectors4j.internal.selecting.Registrations;
import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.system.DescriptorSet;
import io.github.selectors4j.internal.system.Errno;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Two sets, of which the second takes what the first one refuses. As long as nothing was refused,
 * it is the first one alone.
 *
 * <p>On Linux, what epoll refuses is always ready, or never; so the second set is only looked at.
 * Elsewhere it is the one that waits, for the first set's descriptor, too. (epoll's can't be waited
 * for: of some files, being polled by others takes the event away.)
 */
public final class FallbackSet implements InterestSet {

  private final SelectLoop loop;
  private final Registrations registrations;
  private final InterestSet first;
  private final Mechanism fallback;

  /** Opened when something is refused for the first time. Added to with the loop's lock held. */
  private @Nullable InterestSet second;

  /** What the second set has; made with it. With the loop's lock held. */
  private @Nullable DescriptorSet refused;

  /** How many of them are ready for good, as files are for reading and writing. The same. */
  private int readyCount;

  private volatile boolean isAnyRefused;

  // What the last wait found. For the selecting thread only.
  private int foundByFirst;
  private int foundBySecond;
  private boolean isFirstHandedOut;
  private InterestSet waitedLast;

  /**
   * What is the first set alone, so far.
   *
   * @param fallback poll or select, whose sets have no descriptor of their own
   */
  public FallbackSet(SelectLoop loop, InterestSet first, Mechanism fallback) {
    this.loop = loop;
    registrations = loop.registrations;
    this.first = first;
    this.fallback = fallback;
    waitedLast = first;
  }

  @Override
  public void addWakeup(int fd) throws SystemCallException {
    first.addWakeup(fd);
  }

  @Override
  public void add(int fd, int generation, int events) throws SystemCallException {
    if (!isTaken(fd, generation, events)) {
      addRefused(fd, generation, events);
    }
  }

  private boolean isTaken(int fd, int generation, int events) throws SystemCallException {
    if ((events & ~first.supported()) != 0) {
      requireFallback(events);
      return false;
    }
    try {
      first.add(fd, generation, events);
      return true;
    } catch (SystemCallException e) {
      return requireRefusal(e, fd, events);
    }
  }

  /** What neither set can wait for alone can't be waited for by both: a key is reported once. */
  private void requireFallback(int events) {
    if ((events & ~fallbackSupported()) != 0) {
      throw Refusals.unsupportedByBoth(first.mechanism(), fallback);
    }
  }

  /** Returns that it is not taken, unless it failed for another reason, or for both sets. */
  private boolean requireRefusal(SystemCallException e, int fd, int events)
      throws SystemCallException {
    if (!first.leavesToOthers(e.errno())
        || fd == first.fileno()
        || (events & ~fallbackSupported()) != 0) {
      throw e;
    }
    return false;
  }

  private int fallbackSupported() {
    return fallback == Mechanism.POLL ? PollArray.BITS.supported() : SelectSet.SUPPORTED;
  }

  /** The number may name another file by now, which the other set takes. */
  @Override
  public int change(int fd, int generation, int from, int to) throws SystemCallException {
    if (isRefused(fd)) {
      int renewed = registrations.nextGeneration();
      if (isTaken(fd, renewed, to)) {
        removeRefused(fd, from);
        return renewed;
      }
      int inForce = second().change(fd, generation, from, to);
      count(from, -1);
      count(to, 1);
      return inForce;
    }
    if ((to & ~first.supported()) == 0) {
      try {
        return first.change(fd, generation, from, to);
      } catch (SystemCallException e) {
        requireRefusal(e, fd, to);
      }
    } else {
      requireFallback(to);
    }
    int renewed = registrations.nextGeneration();
    // One that fails leaves the key with the first set, from which the caller removes it.
    addRefused(fd, renewed, to);
    first.remove(fd, from);
    return renewed;
  }

  @Override
  public void remove(int fd, int events) {
    if (isRefused(fd)) {
      removeRefused(fd, events);
    } else {
      first.remove(fd, events);
    }
  }

  @Override
  public void forget(int fd, int events) {
    if (isRefused(fd)) {
      removeRefused(fd, events);
    } else {
      first.forget(fd, events);
    }
  }

  private boolean isRefused(int fd) {
    return refused != null && refused.contains(fd);
  }

  private InterestSet second() throws SystemCallException {
    InterestSet opened = second;
    if (opened == null) {
      DescriptorSet none = new DescriptorSet();
      opened = fallback == Mechanism.POLL ? new PollSet(loop, none) : new SelectSet(loop, none);
      opened.addWakeup(first.fileno());
      refused = none;
      second = opened;
    }
    return opened;
  }

  private void addRefused(int fd, int generation, int events) throws SystemCallException {
    InterestSet second = second();
    DescriptorSet refused = Objects.requireNonNull(this.refused);
    refused.add(fd);
    try {
      second.add(fd, generation, events);
      isAnyRefused = true;
      // The first set's wait does not see it.
      loop.again();
    } catch (Throwable t) {
      drop(fd, events);
      throw t;
    }
    count(events, 1);
  }

  private void removeRefused(int fd, int events) {
    drop(fd, events);
    count(events, -1);
  }

  private void drop(int fd, int events) {
    DescriptorSet refused = Objects.requireNonNull(this.refused);
    refused.remove(fd);
    Objects.requireNonNull(second).remove(fd, events);
    isAnyRefused = !refused.isEmpty();
  }

  private void count(int events, int change) {
    if ((events & (Events.READ | Events.WRITE)) != 0) {
      readyCount += change;
      first.showReady(readyCount > 0);
    }
  }

  @Override
  public int await(long timeoutNanos) {
    isFirstHandedOut = false;
    foundBySecond = 0;
    long timeout = timeoutNanos;
    InterestSet second = isAnyRefused ? this.second : null;
    if (second != null) {
      waitedLast = second;
      foundBySecond = second.await(first.isWaitedForByOthers() ? timeoutNanos : 0);
      if (foundBySecond < 0) {
        return foundBySecond;
      }
      timeout = foundBySecond > 0 || first.isWaitedForByOthers() ? 0 : timeoutNanos;
    }
    waitedLast = first;
    do {
      foundByFirst = first.await(timeout);
    } while (foundBySecond > 0 && foundByFirst == -Errno.EINTR);
    return foundByFirst < 0 ? foundByFirst : foundByFirst + foundBySecond;
  }

  @Override
  public int complete(int found) {
    foundByFirst = foundByFirst == 0 ? 0 : first.complete(foundByFirst);
    return foundByFirst + foundBySecond;
  }

  @Override
  public int handOut(int found, ReadyHandler handler) throws IOException {
    int handedOut = 0;
    if (!isFirstHandedOut) {
      handedOut = first.handOut(foundByFirst, handler);
      isFirstHandedOut = true;
    }
    return foundBySecond == 0 ? handedOut : handedOut + second().handOut(foundBySecond, handler);
  }

  @Override
  public String waitCall() {
    return waitedLast.waitCall();
  }

  @Override
  public @Nullable String waitAdvice(int errno) {
    return waitedLast.waitAdvice(errno);
  }

  @Override
  public @Nullable String meaning(int errno, int fd) {
    return first.meaning(errno, fd);
  }

  @Override
  public @Nullable String advice(int errno, int fd) {
    return first.advice(errno, fd);
  }

  @Override
  public Mechanism mechanism() {
    return first.mechanism();
  }

  @Override
  public int supported() {
    int supported = first.supported();
    return supported == Events.ALL ? supported : supported | fallbackSupported();
  }

  @Override
  public int openPlaceholder() throws SystemCallException {
    return first.openPlaceholder();
  }

  @Override
  public boolean waitSeesChanges() {
    return first.waitSeesChanges() && !isAnyRefused;
  }

  @Override
  public int fileno() {
    return first.fileno();
  }

  @Override
  public int front() throws SystemCallException {
    return first.front();
  }

  @Override
  public void close() {
    first.close();
    InterestSet opened = second;
    if (opened != null) {
      opened.close();
    }
  }
}
