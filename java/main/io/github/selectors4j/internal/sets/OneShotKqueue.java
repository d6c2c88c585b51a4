package io.github.selectors4j.internal.sets;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.system.DescriptorTable;
import io.github.selectors4j.internal.system.KqueueShim;
import io.github.selectors4j.internal.system.KqueueShim.Kevents;
import org.jspecify.annotations.Nullable;

/** kqueue(2): the queue keeps what was reported, switched off; see {@link OneShotFilters}. */
final class OneShotKqueue extends OneShotsInKernel {

  private static final int EV_EOF = KqueueShim.value("EV_EOF");

  private static final int CAPACITY = 512;
  private static final int NO_NUMBER = -1;

  private final OneShotFilters filters;

  // For the waiting thread only: all that a number reports makes one report.
  private final Kevents events;
  private final DescriptorTable places = new DescriptorTable();
  private final int[] reported = new int[CAPACITY];
  private final int[] generations = new int[CAPACITY];
  private final int[] found = new int[CAPACITY];

  /**
   * Opens a queue.
   *
   * @throws UnsupportedOperationException when the platform lacks kqueue
   * @throws SystemCallException when the system refuses, as for want of descriptors
   */
  OneShotKqueue() throws SystemCallException {
    this(new Kevents(CAPACITY));
  }

  private OneShotKqueue(Kevents events) throws SystemCallException {
    super(KqueueShim.open());
    this.events = events;
    filters = new OneShotFilters(set);
    try {
      filters.watch(wakeupDescriptor());
    } catch (Throwable t) {
      close();
      throw t;
    }
  }

  @Override
  public Mechanism mechanism() {
    return Mechanism.KQUEUE;
  }

  @Override
  public int supported() {
    return KqueueFilters.supported();
  }

  @Override
  public boolean leavesToOthers(int errno) {
    return KqueueRefusal.leavesToOthers(errno);
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
  public boolean arm(int fd, int generation, int known, int events) throws SystemCallException {
    return filters.arm(fd, generation, known, events);
  }

  @Override
  public boolean rearm(int fd, int generation, int known, int events) throws SystemCallException {
    return filters.rearm(fd, generation, known, events);
  }

  @Override
  public boolean names(int fd, int generation, int armed) {
    return filters.names(fd, generation, armed);
  }

  @Override
  public boolean staysOn(int fd) {
    return filters.isReportedOnce(fd);
  }

  @Override
  public void remove(int fd, int known) {
    filters.remove(fd, known);
  }

  /** Reading and writing are events of their own: they are brought together. */
  @Override
  public int await(long timeoutNanos) {
    int count = KqueueShim.control(set, events, 0, events, CAPACITY, timeoutNanos);
    int reports = 0;
    for (int i = 0; i < count; i++) {
      int fd = (int) events.ident(i);
      int generation = (int) events.udata(i);
      int place = places.get(fd);
      if (place == 0) {
        place = ++reports;
        places.put(fd, place);
        reported[place - 1] = fd == wakeupDescriptor() ? NO_NUMBER : fd;
        generations[place - 1] = generation;
        found[place - 1] = 0;
      }
      // A filter that nobody has asked for since has an earlier one.
      if (generation - generations[place - 1] > 0) {
        generations[place - 1] = generation;
      }
      found[place - 1] |= foundBy(i);
    }
    for (int i = 0; i < count; i++) {
      places.put((int) events.ident(i), 0);
    }
    return count < 0 ? count : reports;
  }

  /** The end of writing may be one's own. */
  private int foundBy(int index) {
    int filter = KqueueFilters.bit(events.filter(index));
    boolean reading = filter == KqueueFilters.READ_FILTER;
    boolean end = reading && (events.flags(index) & EV_EOF) != 0;
    return end ? filter | Events.HANGUP : filter;
  }

  @Override
  public int fd(int index) {
    return reported[index];
  }

  @Override
  public int generation(int index) {
    return generations[index];
  }

  @Override
  public int found(int index) {
    return found[index];
  }

  @Override
  public String waitCall() {
    return "kevent(fd " + set + ")";
  }
}
