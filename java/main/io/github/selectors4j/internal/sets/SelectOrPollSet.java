package io.github.selectors4j.internal.sets;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.selecting.InterestSet;
import io.github.selectors4j.internal.selecting.Registrations;
import io.github.selectors4j.internal.selecting.SelectLoop;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * select(2), and poll(2) for all as soon as something is waited for that select can't tell. Neither
 * has a descriptor that the other could wait for: so there is one set at a time.
 */
public final class SelectOrPollSet implements InterestSet {

  private final SelectLoop loop;
  private final Registrations registrations;
  private final InterestSet select;

  /** Once it is there, it has all. Opened with the loop's lock held. */
  private volatile @Nullable InterestSet poll;

  /** For the selecting thread only. */
  private InterestSet waitedLast;

  /**
   * A set in this process's memory.
   *
   * @throws UnsupportedOperationException when the platform lacks select
   */
  public SelectOrPollSet(SelectLoop loop) {
    this.loop = loop;
    registrations = loop.registrations;
    select = new SelectSet(loop);
    waitedLast = select;
  }

  @Override
  public void addWakeup(int fd) throws SystemCallException {
    select.addWakeup(fd);
  }

  @Override
  public void add(int fd, int generation, int events) throws SystemCallException {
    setFor(events).add(fd, generation, events);
  }

  @Override
  public int change(int fd, int generation, int from, int to) throws SystemCallException {
    return setFor(to).change(fd, generation, from, to);
  }

  @Override
  public void remove(int fd, int events) {
    set().remove(fd, events);
  }

  private InterestSet set() {
    InterestSet polled = poll;
    return polled == null ? select : polled;
  }

  private InterestSet setFor(int events) throws SystemCallException {
    if (poll == null && (events & ~select.supported()) != 0) {
      PollSet opened = new PollSet(loop);
      opened.addWakeup(loop.wakeupDescriptor());
      for (SelectorKey key : registrations.all()) {
        opened.watch(registrations.watched(key.fd()));
      }
      poll = opened;
    }
    return set();
  }

  @Override
  public void close() {
    set().close();
  }

  @Override
  public int await(long timeoutNanos) {
    waitedLast = set();
    return waitedLast.await(timeoutNanos);
  }

  @Override
  public int handOut(int found, ReadyHandler handler) throws IOException {
    return waitedLast.handOut(found, handler);
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
  public Mechanism mechanism() {
    return Mechanism.SELECT;
  }

  @Override
  public int supported() {
    return select.supported() | PollArray.BITS.supported();
  }
}
