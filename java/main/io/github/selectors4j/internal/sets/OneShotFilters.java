package io.github.selectors4j.internal.sets;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.KqueueShim;
import io.github.selectors4j.internal.system.KqueueShim.Kevents;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The filters of a queue that report once: what was reported stays in the queue, switched off. It
 * is armed again by being added anew; to switch it on alone tells nothing of what is there already,
 * but does tell when the number names another file: a filter is gone with its descriptor.
 *
 * <p>Who waits for a hang-up alone, of what knows no low-water mark, as a terminal, would be
 * reported again and again while there is input: then the filter for reading reports each state
 * once, and stays switched on.
 *
 * <p>Any thread may call any method, for one number one at a time.
 */
final class OneShotFilters {

  private static final int EV_ADD = KqueueShim.value("EV_ADD");
  private static final int EV_ENABLE = KqueueShim.value("EV_ENABLE");
  private static final int EV_DISABLE = KqueueShim.value("EV_DISABLE");
  private static final int EV_DELETE = KqueueShim.value("EV_DELETE");
  private static final int EV_CLEAR = KqueueShim.value("EV_CLEAR");
  private static final int EV_DISPATCH = KqueueShim.value("EV_DISPATCH");
  private static final int EV_RECEIPT = KqueueShim.value("EV_RECEIPT");
  private static final int EV_ERROR = KqueueShim.value("EV_ERROR");

  /** One that probes, one that removes, and one for each filter. */
  private static final int MOST_CHANGES = 5;

  private final int queue;

  /** Memory for those who change something. */
  private final AtomicReferenceArray<@Nullable Kevents> spare = new AtomicReferenceArray<>(16);

  /** The numbers whose filter for reading reports each state once. */
  private final Set<Integer> reportedOnce = ConcurrentHashMap.newKeySet();

  /** Of a queue that has none yet. */
  OneShotFilters(int queue) {
    this.queue = queue;
  }

  /** Has a number reported whenever it is readable, also again. */
  void watch(int fd) throws SystemCallException {
    add(new Kevents(1), 0, fd, 0, EV_ADD, KqueueFilters.READ_FILTER, Events.READ);
  }

  /** See {@link OneShotSet#arm}. */
  boolean arm(int fd, int generation, int known, int events) throws SystemCallException {
    return arm(fd, generation, known, KqueueFilters.filters(events), events);
  }

  /** What has not been reported stays switched on; the rest is added anew. */
  boolean rearm(int fd, int generation, int known, int events) throws SystemCallException {
    int filters = KqueueFilters.filters(events);
    int asked = known;
    if (KqueueFilters.isLowAt(events)) {
      filters &= ~KqueueFilters.READ_FILTER;
      if (!isReportedOnce(fd)) {
        if (!names(fd, generation, known, events)) {
          return false;
        }
        reportOnce(fd, generation, events);
      }
      // To switch that on would have it report anew.
      asked &= ~(Events.READ | Events.HANGUP);
    }
    return filters == 0
        || (names(fd, generation, asked, events) && arm(fd, generation, asked, filters, events));
  }

  private boolean arm(int fd, int generation, int known, int filters, int events)
      throws SystemCallException {
    Kevents memory = takeSpare();
    try {
      int before = known == 0 ? 0 : probe(memory, fd, generation, known, events);
      boolean isReading = (filters & KqueueFilters.READ_FILTER) != 0;
      if (isReading && isReportedOnce(fd) && reportedOnce.remove(fd) && known != 0) {
        // One that is added again stays as it is.
        before = remove(memory, before, fd, KqueueFilters.READ_FILTER);
      }
      int flags = EV_ADD | EV_ENABLE | EV_DISPATCH;
      boolean isSame = add(memory, before, fd, generation, flags, filters, events);
      if (!isSame && isReportedOnce(fd)) {
        reportedOnce.remove(fd); // it was another file's
      }
      return isSame;
    } finally {
      putSpare(memory);
    }
  }

  private void reportOnce(int fd, int generation, int events) throws SystemCallException {
    Kevents memory = takeSpare();
    try {
      int filter = KqueueFilters.READ_FILTER;
      int removals = remove(memory, 0, fd, filter);
      add(memory, removals, fd, generation, EV_ADD | EV_ENABLE | EV_CLEAR, filter, events);
      reportedOnce.add(fd);
    } finally {
      putSpare(memory);
    }
  }

  /** Whether the filter for reading stays switched on. There are hardly ever any. */
  boolean isReportedOnce(int fd) {
    return !reportedOnce.isEmpty() && reportedOnce.contains(fd);
  }

  /** See {@link OneShotSet#names}. */
  boolean names(int fd, int generation, int armed) {
    return names(fd, generation, armed, armed);
  }

  private boolean names(int fd, int generation, int known, int wanted) {
    Kevents memory = takeSpare();
    try {
      int count = probe(memory, fd, generation, known, wanted);
      int answered = KqueueShim.control(queue, memory, count, memory, count, 0);
      return answered != count || error(memory, 0) == 0;
    } finally {
      putSpare(memory);
    }
  }

  /** See {@link OneShotSet#remove}. */
  void remove(int fd, int known) {
    reportedOnce.remove(fd);
    Kevents memory = takeSpare();
    try {
      int count = 0;
      for (int left = KqueueFilters.filters(known); left != 0; left &= left - 1) {
        count = remove(memory, count, fd, Integer.lowestOneBit(left));
      }
      KqueueShim.control(queue, memory, count, memory, count, 0);
    } finally {
      putSpare(memory);
    }
  }

  private static int remove(Kevents memory, int count, int fd, int bit) {
    KqueueFilters.set(memory, count, fd, bit, EV_DELETE | EV_RECEIPT, 0, 0);
    return count + 1;
  }

  /**
   * Switches a filter on that is wanted, or off that is not, which tells whether it is there: one
   * that nobody wants would report again and again. FreeBSD and macOS take the generation from
   * this, too.
   */
  private static int probe(Kevents memory, int fd, int generation, int known, int wanted) {
    int filters = KqueueFilters.filters(known);
    int wantedFilters = filters & KqueueFilters.filters(wanted);
    int bit = Integer.lowestOneBit(wantedFilters != 0 ? wantedFilters : filters);
    int action = wantedFilters != 0 ? EV_ENABLE : EV_DISABLE;
    KqueueFilters.set(memory, 0, fd, bit, action | EV_RECEIPT, known, generation);
    return 1;
  }

  /**
   * Adds filters, behind what is in memory: a probe or a removal, or both, which fail where the
   * number names another file.
   *
   * @return whether there is one of them, and the first has found its filter
   */
  private boolean add(
      Kevents memory, int before, int fd, int generation, int flags, int filters, int events)
      throws SystemCallException {
    int answered = add(memory, before, fd, generation, flags, filters, events, false);
    boolean wasThere = before > 0 && (answered == 0 || error(memory, 0) != Errno.ENOENT);
    int refused = refused(memory, before, answered, fd);
    if (KqueueFilters.mayBeForOneByte(refused)) {
      answered = add(memory, 0, fd, generation, flags, refused, events, true);
      refused = refused(memory, 0, answered, fd);
    }
    if (refused != 0) {
      throw refusal(fd, Errno.EINVAL);
    }
    return wasThere;
  }

  /** Returns how many answers there are. */
  private int add(
      Kevents memory,
      int first,
      int fd,
      int generation,
      int flags,
      int filters,
      int events,
      boolean forOneByte)
      throws SystemCallException {
    int count = first;
    for (int left = filters; left != 0; left &= left - 1) {
      int bit = Integer.lowestOneBit(left);
      KqueueFilters.set(
          memory, count++, fd, bit, flags | EV_RECEIPT, events, generation, forOneByte);
    }
    int answered = KqueueShim.control(queue, memory, count, memory, count, 0);
    // After a signal the changes have been applied.
    if (answered < 0 && answered != -Errno.EINTR) {
      throw refusal(fd, -answered);
    }
    return Math.max(0, answered);
  }

  /** The filters that were refused with EINVAL; throws for another reason. */
  private static int refused(Kevents answers, int first, int answered, int fd)
      throws SystemCallException {
    int refused = 0;
    for (int i = first; i < answered; i++) {
      int error = error(answers, i);
      if (error == Errno.EINVAL) {
        refused |= KqueueFilters.bit(answers.filter(i));
      } else if (error != 0) {
        throw refusal(fd, error);
      }
    }
    return refused;
  }

  private static SystemCallException refusal(int fd, int errno) {
    return Errno.exception("kevent(ADD, fd " + fd + ")", errno);
  }

  private static int error(Kevents answers, int index) {
    return (answers.flags(index) & EV_ERROR) == 0 ? 0 : (int) answers.data(index);
  }

  private Kevents takeSpare() {
    Kevents taken = spare.getAndSet(place(), null);
    return taken == null ? new Kevents(MOST_CHANGES) : taken;
  }

  private void putSpare(Kevents memory) {
    spare.set(place(), memory);
  }

  private int place() {
    return (int) (Thread.currentThread().getId() % spare.length());
  }
}
