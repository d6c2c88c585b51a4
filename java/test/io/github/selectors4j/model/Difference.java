package io.github.selectors4j.model;

import static io.github.selectors4j.BaseSelector.EVENT_PRIORITY;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.Mechanism.DEVPOLL;
import static io.github.selectors4j.Mechanism.EPOLL;
import static io.github.selectors4j.Mechanism.KQUEUE;
import static io.github.selectors4j.Mechanism.POLL;
import static io.github.selectors4j.Mechanism.SELECT;
import static io.github.selectors4j.TestLibrary.POLLERR;
import static io.github.selectors4j.TestLibrary.POLLHUP;

import io.github.selectors4j.Mechanism;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Everything in which one mechanism may differ from another, with the row of the contract that lets
 * it. The first that applies holds.
 */
enum Difference {
  EVENT_IS_UNSUPPORTED(
      "register, modify | PRIORITY or HANGUP where the mechanism can't |"
          + " UnsupportedOperationException",
      SELECT,
      KQUEUE),

  /** What a mechanism that looks numbers up anew in each call makes of one that is not open. */
  CLOSED_IS_READY(
      "select | a registered descriptor was closed behind the selector's back | poll, select and"
          + " devpoll report its key as ready for what it asked, on every call until unregistered",
      POLL,
      SELECT,
      DEVPOLL) {
    @Override
    boolean applies(Watch watch, @Nullable OpenFile named) {
      return named == null;
    }

    @Override
    int answer(Mechanism mechanism, Watch watch, @Nullable OpenFile named) {
      return Answer.CLOSED;
    }
  },

  CLOSED_IS_FORGOTTEN(
      "select | a registered descriptor was closed behind the selector's back | kqueue forgets it",
      KQUEUE) {
    @Override
    boolean applies(Watch watch, @Nullable OpenFile named) {
      return watch.forgotten;
    }
  },

  CLOSED_IS_POLLED(
      "select | a registered descriptor was closed behind the selector's back | epoll does as poll"
          + " while an adaptive set asks for that key by poll",
      EPOLL) {
    @Override
    boolean applies(Watch watch, @Nullable OpenFile named) {
      return watch.polledFor != 0 && (watch.file != named || watch.forgotten);
    }

    @Override
    int answer(Mechanism mechanism, Watch watch, @Nullable OpenFile named) {
      return named == null ? Answer.CLOSED : Answer.of(POLL, named, watch.events);
    }
  },

  /** What no number names can't be put into the new set. */
  REPLACED_SET_FORGETS("Threads | to that end the selector may replace its epoll set", EPOLL) {
    @Override
    boolean applies(Watch watch, @Nullable OpenFile named) {
      return watch.forgotten;
    }
  },

  REPLACED_SET_REPEATS(
      "PRIORITY is reported once, or, after a set was replaced, rather twice than never", EPOLL),

  CLOSED_LIVES_IN_A_DUPLICATE(
      "select | a registered descriptor was closed behind the selector's back | epoll forgets it"
          + " once no duplicate keeps the file open",
      EPOLL) {
    @Override
    boolean applies(Watch watch, @Nullable OpenFile named) {
      return watch.file != named;
    }

    @Override
    int answer(Mechanism mechanism, Watch watch, @Nullable OpenFile named) {
      return watch.file.isOpen() ? Answer.of(mechanism, watch.file, watch.events) : 0;
    }
  },

  /** Where generations tell files apart, what was reported of the earlier one is dropped. */
  LEFT_OVER_OF_THE_NUMBER(
      "On epoll and kqueue no waiter returns for a file that it did not await; elsewhere a number"
          + " is a number, as in the selectors",
      POLL,
      SELECT,
      DEVPOLL),

  ANOTHER_FILE_ENDS_AWAITS(
      "If one is closed all the same, its waiter waits on until the number is awaited for another"
          + " file. On epoll and kqueue no waiter returns for a file that it did not await",
      EPOLL,
      KQUEUE),

  /** Of a pipe that hangs up for its reader, and has an error for its writer. */
  HANG_UP_HAS_A_SIDE(
      "select | descriptors are ready | select and kqueue report the side that the kernel reports",
      SELECT,
      KQUEUE) {
    @Override
    boolean applies(Watch watch, @Nullable OpenFile named) {
      return named != null && (named.polled() & (POLLERR | POLLHUP)) != 0;
    }

    @Override
    int answer(Mechanism mechanism, Watch watch, @Nullable OpenFile named) {
      return Answer.of(mechanism, named, watch.events);
    }
  },

  PRIORITY_IS_OF_SOCKETS("register, modify | the kernel refuses | SystemCallException", KQUEUE) {
    @Override
    boolean refuses(SelectorModel model, int slot, int asked) {
      OpenFile file = model.table.file(slot);
      return (asked & EVENT_PRIORITY) != 0 && file != null && !file.isSocket();
    }
  },

  BROKEN_PIPE_IS_REFUSED(
      "register | the kernel refuses | SystemCallException, and the key is rolled back", KQUEUE) {
    @Override
    boolean refuses(SelectorModel model, int slot, int asked) {
      return !model.watches.containsKey(slot) && isBrokenFor(model, slot, asked);
    }
  },

  /** Unless the key asked for that side before: what the kernel has, it is not asked for again. */
  BROKEN_PIPE_ENDS_ITS_KEY(
      "modify | the kernel refuses otherwise | the exception, and the key is gone", KQUEUE) {
    @Override
    boolean refuses(SelectorModel model, int slot, int asked) {
      Watch watch = model.watches.get(slot);
      return watch != null
          && (watch.forgotten || (watch.events & EVENT_WRITE) == 0)
          && isBrokenFor(model, slot, asked);
    }
  };

  /** Quoted: the call, when, the result. */
  final String row;

  private final Set<Mechanism> mechanisms;

  Difference(String row, Mechanism first, Mechanism... others) {
    this.row = row;
    mechanisms = EnumSet.of(first, others);
  }

  /**
   * Whether there is this difference in what is ready.
   *
   * @param named what the number names now, or null
   */
  boolean applies(Watch watch, @Nullable OpenFile named) {
    return false;
  }

  /** What the system answers then, before the key masks it. */
  int answer(Mechanism mechanism, Watch watch, @Nullable OpenFile named) {
    return 0;
  }

  /**
   * Whether the kernel refuses, by this difference, to watch a slot, or to watch it otherwise if it
   * has a watch.
   */
  boolean refuses(SelectorModel model, int slot, int asked) {
    return false;
  }

  /** Those that there are where only these mechanisms are. */
  static Set<Difference> among(Collection<Mechanism> mechanisms) {
    Set<Difference> among = EnumSet.allOf(Difference.class);
    among.removeIf(each -> Collections.disjoint(each.mechanisms, mechanisms));
    if ((Answer.supported(KQUEUE) & EVENT_PRIORITY) == 0) {
      among.remove(PRIORITY_IS_OF_SOCKETS);
    }
    if (!AdaptiveEpollModel.IS_EAGER) {
      among.remove(CLOSED_IS_POLLED);
    }
    return among;
  }

  /** The difference there is in what is ready, or null. */
  static @Nullable Difference of(Mechanism mechanism, Watch watch, @Nullable OpenFile named) {
    return first(mechanism, each -> each.applies(watch, named));
  }

  /** The difference by which the kernel refuses a change, or null. */
  static @Nullable Difference refusal(SelectorModel model, int slot, int asked) {
    return first(model.mechanism, each -> each.refuses(model, slot, asked));
  }

  private static @Nullable Difference first(Mechanism mechanism, Predicate<Difference> holds) {
    for (Difference difference : values()) {
      if (difference.mechanisms.contains(mechanism) && holds.test(difference)) {
        return difference;
      }
    }
    return null;
  }

  private static boolean isBrokenFor(SelectorModel model, int slot, int asked) {
    OpenFile file = model.table.file(slot);
    return (asked & EVENT_WRITE) != 0 && file != null && Pipe.isBroken(file);
  }
}
