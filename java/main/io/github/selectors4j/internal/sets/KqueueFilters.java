package io.github.selectors4j.internal.sets;

import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.selecting.Registrations;
import io.github.selectors4j.internal.system.DescriptorSet;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.KqueueShim;
import io.github.selectors4j.internal.system.KqueueShim.Kevents;

/**
 * The filters that a queue has for events: a descriptor may have several, each of which reports on
 * its own. They are told by bits, which are those of the events that they report. Whoever calls a
 * method of an object holds the loop's lock.
 */
final class KqueueFilters {

  private static final int EVFILT_READ = KqueueShim.value("EVFILT_READ");
  private static final int EVFILT_WRITE = KqueueShim.value("EVFILT_WRITE");

  /** For priority, where there is one. */
  private static final int EVFILT_EXCEPT = KqueueShim.value("EVFILT_EXCEPT");

  private static final int NOTE_OOB = KqueueShim.value("NOTE_OOB");

  /** The one that tells of a hang-up, too. */
  static final int READ_FILTER = Events.READ;

  static final int WRITE_FILTER = Events.WRITE;
  static final int EXCEPT_FILTER = Events.PRIORITY;

  /** Those that there are: NetBSD's number for reading is 0, as that of what is absent. */
  private static final int ALL_FILTERS =
      READ_FILTER | WRITE_FILTER | (EVFILT_EXCEPT == 0 ? 0 : EXCEPT_FILTER);

  private static final int EV_ADD = KqueueShim.value("EV_ADD");
  private static final int EV_DELETE = KqueueShim.value("EV_DELETE");
  private static final int EV_ENABLE = KqueueShim.value("EV_ENABLE");
  private static final int EV_CLEAR = KqueueShim.value("EV_CLEAR");
  private static final int EV_ERROR = KqueueShim.value("EV_ERROR");
  private static final int NOTE_LOWAT = KqueueShim.value("NOTE_LOWAT");

  /** Has each change answer, and nothing else; not every system has it. */
  private static final int EV_RECEIPT = KqueueShim.value("EV_RECEIPT");

  private final int queue;

  // The changes of all filters, one of them twice, and the kernel's answers.
  private final Kevents changes = new Kevents(4);
  private final Kevents answers = new Kevents(4);

  /** The numbers under which the queue may hold a filter that could not be removed. */
  private final DescriptorSet unremoved = new DescriptorSet();

  private boolean wasMissing;

  /** Those of the last call that were not added for EINVAL. */
  private int refused;

  /**
   * The numbers whose filter for reading reports each state once: those that wait for a hang-up
   * alone, of what knows no low-water mark, as a terminal, and would be reported while there is
   * input.
   */
  private final DescriptorSet reportedOnce = new DescriptorSet();

  /** Of a queue that has none yet. */
  KqueueFilters(int queue) {
    this.queue = queue;
  }

  /** The events that filters can tell here. */
  static int supported() {
    return Events.READ
        | Events.WRITE
        | (EVFILT_EXCEPT == 0 ? 0 : Events.PRIORITY)
        | (NOTE_LOWAT == 0 ? 0 : Events.HANGUP);
  }

  /** The filters that these events take: a hang-up shows at the filter for reading. */
  static int filters(int events) {
    int reading = (events & (Events.READ | Events.HANGUP)) == 0 ? 0 : READ_FILTER;
    return reading | (events & (WRITE_FILTER | EXCEPT_FILTER));
  }

  /** Whether events are what a filter may report. */
  static boolean areToldBy(int bit, int events) {
    return (filters(events) & bit) != 0;
  }

  /** Whether the filter for reading is to report the end alone, whatever there is to read. */
  static boolean isLowAt(int events) {
    return (events & (Events.READ | Events.HANGUP)) == Events.HANGUP;
  }

  /** The bit of one. */
  static int bit(int filter) {
    return filter == EVFILT_WRITE
        ? WRITE_FILTER
        : filter == EVFILT_READ ? READ_FILTER : EXCEPT_FILTER;
  }

  /**
   * Adds those of a descriptor that has none.
   *
   * @return 0, or the first error
   */
  int add(int fd, int generation, int events) {
    reportedOnce.remove(fd);
    return control(fd, generation, 0, 0, filters(events), events);
  }

  /**
   * Changes those of a descriptor. What stays is only switched on: the answer tells whether the
   * queue still has it, for the filters of a descriptor that is closed are gone, whoever gets its
   * number next.
   *
   * @return 0, or the first error
   */
  int change(int fd, int generation, int from, int to) {
    int there = filters(from);
    boolean missing = false;
    if (reportedOnce.contains(fd) && isLowAt(from) != isLowAt(to)) {
      // One that is added again stays as it is.
      removeReading(fd);
      missing = wasMissing;
      there &= ~READ_FILTER;
    }
    int kept = there & filters(to);
    int added = filters(to) & ~kept;
    if (isLowAt(from) != isLowAt(to)) {
      added |= READ_FILTER & filters(to);
    }
    int error = control(fd, generation, there & ~kept, kept, added, to);
    wasMissing |= missing;
    return error;
  }

  private void removeReading(int fd) {
    reportedOnce.remove(fd);
    control(fd, Registrations.NO_GENERATION, READ_FILTER, 0, 0, 0);
  }

  /**
   * Has the filter for reading of who waits for a hang-up alone report each state once, after it
   * has reported input; or, after it has reported the end, which stays, again and again.
   *
   * @param end whether it has reported the end
   */
  void reported(int fd, int generation, boolean end) {
    if (reportedOnce.contains(fd) != end) {
      return;
    }
    removeReading(fd);
    if (wasMissing) {
      return; // its descriptor is closed
    }
    if (!end) {
      reportedOnce.add(fd);
    }
    control(fd, generation, 0, 0, READ_FILTER, Events.HANGUP);
  }

  /** Whether the last change found one missing that was thought to be there. */
  boolean wasMissing() {
    return wasMissing;
  }

  /** Removes those of a descriptor; one whose descriptor was closed is gone already. */
  void remove(int fd, int events) {
    reportedOnce.remove(fd);
    control(fd, Registrations.NO_GENERATION, filters(events), 0, 0, 0);
  }

  /** Removes what the queue reports though its removal failed: it would end every wait. */
  void removeStale(int fd, int events) {
    if (unremoved.remove(fd)) {
      control(fd, Registrations.NO_GENERATION, ALL_FILTERS & ~filters(events), 0, 0, 0);
    }
  }

  /**
   * Whether filters that were refused with EINVAL may be added for one byte. macOS refuses a
   * device, a terminal too, unless one byte is said to be enough: then it need not tell how many
   * there are.
   */
  static boolean mayBeForOneByte(int refused) {
    return refused != 0 && (refused & EXCEPT_FILTER) == 0 && NOTE_LOWAT != 0;
  }

  /**
   * Removes, switches on and adds filters.
   *
   * @return the first error of an addition, or 0
   */
  private int control(int fd, int generation, int removed, int kept, int added, int events) {
    int error = control(fd, generation, removed, kept, added, events, false);
    if (error == 0 && mayBeForOneByte(refused)) {
      boolean wasMissing = this.wasMissing;
      error = control(fd, generation, 0, 0, refused, events, true);
      this.wasMissing = wasMissing;
    }
    return error == 0 && refused != 0 ? Errno.EINVAL : error;
  }

  /**
   * Does that in one call, with room for an answer to each, so that one that fails does not keep
   * the others from being applied.
   *
   * @param removed filters
   * @param kept filters
   * @param added filters, of which one may be kept, too, and then changes its low-water mark
   * @param events what is asked for from then on
   * @param forOneByte whether the additions say that one byte is enough
   * @return the first error of an addition but EINVAL, or 0
   */
  private int control(
      int fd, int generation, int removed, int kept, int added, int events, boolean forOneByte) {
    int count = 0;
    for (int bit = READ_FILTER; bit <= EXCEPT_FILTER; bit <<= 1) {
      count = add(count, fd, generation, removed & bit, EV_DELETE, events, forOneByte);
      count = add(count, fd, generation, kept & bit, EV_ENABLE, events, forOneByte);
      boolean once = bit == READ_FILTER && isLowAt(events) && reportedOnce.contains(fd);
      int action = once ? EV_ADD | EV_CLEAR : EV_ADD;
      count = add(count, fd, generation, added & bit, action, events, forOneByte);
    }
    wasMissing = false;
    refused = 0;
    int answered = KqueueShim.control(queue, changes, count, answers, count, 0);
    if (answered < 0) {
      // A signal comes too late to undo the changes: they are not made again.
      if (answered == -Errno.EINTR) {
        wasMissing = (removed | kept) != 0; // for all that is known
        return 0;
      }
      if (removed != 0) {
        unremoved.add(fd);
      }
      return -answered;
    }
    int error = 0;
    for (int i = 0; i < answered; i++) {
      int errno = (answers.flags(i) & EV_ERROR) == 0 ? 0 : (int) answers.data(i);
      int bit = bit(answers.filter(i));
      if (errno != 0 && (removed & bit) != 0) {
        unremoved.add(fd);
      }
      if (errno == Errno.ENOENT && ((removed | kept) & bit) != 0) {
        wasMissing = true;
      } else if (errno == Errno.EINVAL && (added & bit) != 0) {
        refused |= bit;
      } else if (error == 0 && (removed & bit) == 0) {
        error = errno;
      }
    }
    return error;
  }

  /** Puts a change of a filter behind the others, if there is one; returns how many there are. */
  private int add(
      int count, int fd, int generation, int bit, int action, int events, boolean forOneByte) {
    if (bit == 0) {
      return count;
    }
    set(changes, count, fd, bit, action | EV_RECEIPT, events, generation, forOneByte);
    return count + 1;
  }

  /** Fills in a change of one. */
  static void set(
      Kevents changes, int index, int fd, int bit, int flags, int events, int generation) {
    set(changes, index, fd, bit, flags, events, generation, false);
  }

  /**
   * The same.
   *
   * @param events what is asked for from then on
   * @param forOneByte see {@link #mayBeForOneByte}
   */
  static void set(
      Kevents changes,
      int index,
      int fd,
      int bit,
      int flags,
      int events,
      int generation,
      boolean forOneByte) {
    int filter =
        bit == READ_FILTER ? EVFILT_READ : bit == WRITE_FILTER ? EVFILT_WRITE : EVFILT_EXCEPT;
    boolean lowAt = bit == READ_FILTER && isLowAt(events);
    int note = lowAt || forOneByte ? NOTE_LOWAT : bit == EXCEPT_FILTER ? NOTE_OOB : 0;
    long data = forOneByte ? 1 : lowAt ? Integer.MAX_VALUE : 0;
    changes.set(index, fd, filter, flags, note, data, generation);
  }
}
