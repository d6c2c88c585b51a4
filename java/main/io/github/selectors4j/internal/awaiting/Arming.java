package io.github.selectors4j.internal.awaiting;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.sets.Look;
import io.github.selectors4j.internal.sets.OneShotSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** In which set one number is armed, and for what. For the entry's worker alone. */
final class Arming {

  /** Who compares generations takes one that is twice as far back for a later one. */
  private static final int FAR_BACK = 1 << 30;

  private final Pollers pollers;
  private final int fd;

  /** Where the number is armed, or was last; null before, and for what never gets ready. */
  private @Nullable OneShotSet set;

  /** For what that was; 0 when the set knows nothing of the number. */
  private int known;

  /** What is asked for since the number was armed last. */
  private int armed;

  /** Whether the first mechanism has refused it, and not only some events. */
  private boolean isRefused;

  /** The latest; never 0, for that is who has not been armed. */
  int generation = 1;

  /** With which the awaited file was armed last; 0 if it never was. */
  private int inForce;

  /** The latest with which a file was armed that nobody awaits; 0 if none ever was. */
  private int astray;

  /** What the first set may hold of this number, too; null for nothing. */
  private OneShotSet.@Nullable EarlierFiles earlier;

  /** Which set was asked last; null when the file itself was. */
  private @Nullable OneShotSet asked;

  /** Of a number that is armed nowhere. */
  Arming(Pollers pollers, int fd) {
    this.pollers = pollers;
    this.fd = fd;
  }

  /** The generation of the awaited file. */
  int inForce() {
    return inForce;
  }

  /** Whether a set is where the number was armed last. */
  boolean isIn(OneShotSet one) {
    return one == set;
  }

  /** Whether a report of a set is of what is armed. */
  boolean isReportedBy(OneShotSet from, int reported) {
    boolean isAstray = astray != 0 && reported - inForce > 0 && reported - astray <= 0;
    return from == set && known != 0 && !isAstray;
  }

  /**
   * Whether who waits with a generation is to have the latest one: a file that nobody awaits was
   * armed since, or the awaited one so often that the two could not be compared any more.
   */
  boolean isOutdated(int earlier) {
    return (astray != 0 && astray - earlier > 0) || inForce - earlier > FAR_BACK;
  }

  /** Why the last call has failed. */
  Reason reason(SystemCallException cause) {
    return new Reason(cause, asked, false);
  }

  /**
   * Arms with a new generation.
   *
   * @param isAwaited whether others wait for which it was armed before
   * @param ready is told, in case the first mechanism refuses, what the file is ready for
   * @return whether the number names the same file as before, as far as can be known
   */
  boolean arm(int wanted, boolean isAwaited, Ready ready) throws SystemCallException {
    nextGeneration();
    armed = wanted;
    OneShotSet first = pollers.first();
    if ((wanted & ~first.supported()) != 0) {
      return armInSecond(first, wanted, ready);
    }
    boolean isInFirst = set == first;
    try {
      asked = first;
      return isInFirst ? armAnew(first, wanted, isAwaited) : moveTo(first, wanted);
    } catch (SystemCallException e) {
      if (!first.leavesToOthers(e.errno())) {
        throw e;
      }
      if (isInFirst) {
        suspect(first);
      }
      isRefused = true;
      leave(wanted, ready);
      return !isInFirst;
    }
  }

  /** By the first set, where the number was armed last. */
  private boolean armAnew(OneShotSet first, int wanted, boolean isAwaited)
      throws SystemCallException {
    // To look takes long: mostly the file is a new one.
    OneShotSet.EarlierFiles mayBeMet = isAwaited ? earlierInSet() : null;
    boolean isNew = mayBeMet != null && mayBeMet.isAdded(generation, wanted);
    if (!isNew) {
      forgetGone(isAwaited);
    }
    boolean isDoubtful = !isNew && isAwaited && earlierInSet() != null;
    boolean isSame =
        !isNew
            && first.arm(fd, generation, known, wanted)
            && (!isDoubtful || met() == OneShotSet.Met.AWAITED);
    know(first, isSame ? known | wanted : wanted);
    if (!isSame) {
      suspect(first);
    } else if (earlier != null && !isAwaited) {
      earlier.follow();
    }
    return isSame;
  }

  /** By the first set, where it was not. */
  private boolean moveTo(OneShotSet first, int wanted) throws SystemCallException {
    first.arm(fd, generation, 0, wanted);
    if (set != null) {
      set.remove(fd, known);
    }
    know(first, wanted);
    if (earlier != null) {
      suspect(first);
    }
    return !isRefused;
  }

  /** For what the first set does not have. */
  private boolean armInSecond(OneShotSet first, int wanted, Ready ready)
      throws SystemCallException {
    boolean isInFirst = set == first && known != 0;
    boolean isSame = !isInFirst || first.names(fd, generation, known);
    if (isInFirst && isSame) {
      first.remove(fd, known);
    }
    isRefused = false;
    leave(wanted, ready);
    return isSame;
  }

  /** Who is told what a file is ready for. */
  interface Ready {
    /** Ends whose events are among those found; returns whether any are left. */
    boolean endReady(int found);
  }

  /** Leaves it to another mechanism, unless it is ready, as what is refused mostly is. */
  private void leave(int wanted, Ready ready) throws SystemCallException {
    asked = null;
    boolean isAnyLeft = ready.endReady(Look.at(fd, wanted));
    OneShotSet second = isAnyLeft ? pollers.second() : null;
    if (second != null) {
      asked = second;
      second.arm(fd, generation, 0, wanted);
    }
    know(second, second == null ? 0 : wanted);
  }

  /** A set may hold other files of the number from now on. */
  private void suspect(OneShotSet first) {
    earlier = first.earlierFiles(fd);
  }

  private void know(@Nullable OneShotSet armedIn, int events) {
    set = armedIn;
    known = events;
    inForce = generation;
  }

  private void nextGeneration() {
    generation = generation == -1 ? 1 : generation + 1;
  }

  /** Forgets earlier files that a change can't meet any more, or that nobody would be told of. */
  private void forgetGone(boolean isAwaited) {
    OneShotSet.EarlierFiles there = earlierInSet();
    if (there != null && (isAwaited ? !there.mayBeMet(inForce) : there.areGone())) {
      earlier = null;
    }
  }

  /** Those that a change may meet, as far as it is known; null for none. */
  private OneShotSet.@Nullable EarlierFiles earlierInSet() {
    return set == pollers.first() && known != 0 ? earlier : null;
  }

  /** Which file a change has met that was doubtful. */
  private OneShotSet.Met met() {
    int awaited = inForce;
    inForce = generation; // a guess, which stays if an Error ends the look
    OneShotSet.Met met = Objects.requireNonNull(earlier).met(awaited);
    if (met == OneShotSet.Met.ANOTHER) {
      inForce = awaited;
    }
    return met;
  }

  /**
   * Arms with a new generation what was reported, for those who are left, if the number still names
   * it.
   *
   * @return which file the number names, as far as can be known
   */
  OneShotSet.Met armAgain(int wanted) throws SystemCallException {
    forgetGone(true);
    return set == null ? OneShotSet.Met.ANOTHER : armAgain(set, wanted, earlierInSet() != null);
  }

  private OneShotSet.Met armAgain(OneShotSet set, int wanted, boolean isDoubtful)
      throws SystemCallException {
    nextGeneration();
    armed = wanted;
    asked = set;
    if (!set.rearm(fd, generation, known, wanted)) {
      return OneShotSet.Met.ANOTHER;
    }
    OneShotSet.Met met = isDoubtful ? met() : OneShotSet.Met.AWAITED;
    if (met == OneShotSet.Met.ANOTHER) {
      astray = generation;
    } else {
      know(set, known | wanted);
    }
    return met;
  }

  /** Which file the number names, as far as can be known. */
  OneShotSet.Met namedFile() {
    if (set == null) {
      return OneShotSet.Met.ANOTHER;
    }
    forgetGone(true);
    if (earlierInSet() != null) {
      try {
        return armAgain(set, armed, true);
      } catch (SystemCallException e) {
        return OneShotSet.Met.ANOTHER;
      }
    }
    if (set.names(fd, generation, armed)) {
      return OneShotSet.Met.AWAITED;
    }
    if (set == pollers.first()) {
      // To ask may have left something there, if the number has changed again meanwhile.
      suspect(set);
    }
    return OneShotSet.Met.ANOTHER;
  }

  /** Has what was reported to nobody be reported no more. */
  void switchOff() {
    if (set != null && set.staysOn(fd)) {
      remove();
    }
  }

  /** Forgets the number. */
  void remove() {
    if (set != null && known != 0) {
      set.remove(fd, known);
    }
    known = 0;
  }
}
