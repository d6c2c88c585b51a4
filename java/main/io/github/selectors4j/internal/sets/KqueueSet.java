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
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.KqueueShim;
import io.github.selectors4j.internal.system.KqueueShim.Kevents;
import io.github.selectors4j.internal.system.SystemCalls;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** kqueue(2), on macOS and the BSDs. */
public final class KqueueSet implements InterestSet {

  private static final int INITIAL_CAPACITY = 256;
  private static final int EV_EOF = KqueueShim.value("EV_EOF");

  private final SelectLoop loop;
  private final Registrations registrations;
  private final int set;
  private final KqueueFilters filters;

  // For the selecting thread only.
  private Kevents events = new Kevents(INITIAL_CAPACITY);
  private final ReadyList ready;

  /**
   * Opens a queue.
   *
   * @throws UnsupportedOperationException when the platform lacks kqueue
   * @throws SystemCallException when the system refuses, as for want of descriptors
   */
  public KqueueSet(SelectLoop loop) throws SystemCallException {
    this.loop = loop;
    registrations = loop.registrations;
    ready = new ReadyList(registrations);
    set = KqueueShim.open();
    filters = new KqueueFilters(set);
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
    // NetBSD would have it in itself.
    check(fd, events, fd == set ? Errno.EINVAL : filters.add(fd, generation, events));
  }

  @Override
  public int change(int fd, int generation, int from, int to) throws SystemCallException {
    int inForce = generation;
    int error = filters.change(fd, inForce, from, to);
    if (error == 0 && filters.wasMissing()) {
      inForce = registrations.nextGeneration();
      error = filters.add(fd, inForce, to);
    }
    check(fd, to, error);
    return inForce;
  }

  private void check(int fd, int events, int error) throws SystemCallException {
    if (error == 0) {
      return;
    }
    // The other filters may have been added, but not if the descriptor is closed.
    if (Descriptors.isOpen(fd)) {
      remove(fd, events);
    }
    throw Errno.exception("kevent(ADD, fd " + fd + ")", error);
  }

  @Override
  public void remove(int fd, int events) {
    filters.remove(fd, events);
  }

  /** Its filters are gone with it. */
  @Override
  public void forget(int fd, int events) {}

  /** A pipe without a reader would be refused. */
  @Override
  public int openPlaceholder() throws SystemCallException {
    return KqueueShim.openHungUp();
  }

  @Override
  public boolean waitSeesChanges() {
    return true;
  }

  @Override
  public @Nullable String meaning(int errno, int fd) {
    return KqueueRefusal.meaning(errno, fd, set);
  }

  @Override
  public @Nullable String advice(int errno, int fd) {
    return KqueueRefusal.advice(errno, fd, set);
  }

  @Override
  public int await(long timeoutNanos) {
    return KqueueShim.control(set, events, 0, events, events.capacity(), timeoutNanos);
  }

  @Override
  public String waitCall() {
    return "kevent(fd " + set + ")";
  }

  @Override
  public boolean leavesToOthers(int errno) {
    return KqueueRefusal.leavesToOthers(errno);
  }

  @Override
  public Mechanism mechanism() {
    return Mechanism.KQUEUE;
  }

  @Override
  public int supported() {
    return KqueueFilters.supported();
  }

  /**
   * Reading and writing are events of their own: they are brought together first, and more is asked
   * for while there was no room left, until nothing new comes.
   */
  @Override
  public int handOut(int found, ReadyHandler handler) throws IOException {
    int left = ready.isEmpty() ? found : 0;
    while (left > 0) {
      int before = ready.size();
      collect(left);
      boolean full = left == events.capacity();
      left = full && ready.size() > before ? awaitFurther() : 0;
    }
    return ready.handOut(handler, loop);
  }

  private int awaitFurther() {
    events = new Kevents(2 * events.capacity());
    return SystemCalls.await(this::await, 0);
  }

  private void collect(int found) {
    for (int i = 0; i < found; i++) {
      int fd = (int) events.ident(i);
      int generation = (int) events.udata(i);
      int filter = KqueueFilters.bit(events.filter(i));
      SelectorKey key = registrations.watching(fd, generation);
      if (key != null && KqueueFilters.areToldBy(filter, key.events())) {
        // The end of writing may be one's own.
        boolean reading = filter == KqueueFilters.READ_FILTER;
        boolean end = reading && (events.flags(i) & EV_EOF) != 0;
        if (reading && KqueueFilters.isLowAt(key.events())) {
          hangupReported(fd, generation, end);
        }
        ready.add(fd, generation, end ? filter | Events.HANGUP : filter);
      } else if (generation != Registrations.NO_GENERATION) {
        removeStale(fd);
      }
    }
  }

  private void hangupReported(int fd, int generation, boolean end) {
    loop.lock.lock();
    try {
      SelectorKey key = registrations.watching(fd, generation);
      if (key != null && KqueueFilters.isLowAt(key.events())) {
        filters.reported(fd, generation, end);
      }
    } finally {
      loop.lock.unlock();
    }
  }

  private void removeStale(int fd) {
    loop.lock.lock();
    try {
      SelectorKey key = registrations.watching(fd);
      filters.removeStale(fd, key == null ? 0 : key.events());
    } finally {
      loop.lock.unlock();
    }
  }
}
