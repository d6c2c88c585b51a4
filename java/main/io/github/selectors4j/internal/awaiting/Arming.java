package io.github.selectors4j.internal.awaiting;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.sets.Look;
import io.github.selectors4j.internal.sets.OneShotSet;
import org.jspecify.annotations.Nullable;

/** In which set one number is armed, and for what. For the entry's worker alone. */
final class Arming {

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
  private int generation = 1;

  /** Which set was asked last; null when the file itself was. */
  private @Nullable OneShotSet asked;

  /** Of a number that is armed nowhere. */
  Arming(Pollers pollers, int fd) {
    this.pollers = pollers;
    this.fd = fd;
  }

  /** The latest generation. */
  int generation() {
    return generation;
  }

  /** Whether a set is where the number was armed last. */
  boolean isIn(OneShotSet one) {
    return one == set;
  }

  /** Whether a report of a set is of what is armed. */
  boolean isReportedBy(OneShotSet from) {
    return from == set && known != 0;
  }

  /** Why the last call has failed. */
  Reason reason(SystemCallException cause) {
    return new Reason(cause, asked, false);
  }

  /**
   * Arms with a new generation.
   *
   * @param ready is told, in case the first mechanism refuses, what the file is ready for
   * @return whether the number names the same file as before, as far as can be known
   */
  boolean arm(int wanted, Ready ready) throws SystemCallException {
    nextGeneration();
    armed = wanted;
    OneShotSet first = pollers.first();
    boolean isInFirst = set == first;
    if ((wanted & ~first.supported()) == 0) {
      try {
        asked = first;
        boolean isSame = first.arm(fd, generation, isInFirst ? known : 0, wanted);
        if (isInFirst) {
          known = isSame ? known | wanted : wanted;
          return isSame;
        }
        if (set != null) {
          set.remove(fd, known);
        }
        know(first, wanted);
        return !isRefused;
      } catch (SystemCallException e) {
        if (!first.leavesToOthers(e.errno())) {
          throw e;
        }
        boolean isSame = !isInFirst;
        isRefused = true;
        leave(wanted, ready);
        return isSame;
      }
    }
    boolean isSame = !isInFirst || known == 0 || first.names(fd, generation, known);
    if (isInFirst && known != 0 && isSame) {
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

  private void know(@Nullable OneShotSet armedIn, int events) {
    set = armedIn;
    known = events;
  }

  private void nextGeneration() {
    generation = generation == -1 ? 1 : generation + 1;
  }

  /** Arms with a new generation what was reported, for those who are left. */
  void armAgain(int wanted) throws SystemCallException {
    if (set == null) {
      return;
    }
    nextGeneration();
    armed = wanted;
    asked = set;
    if (set.rearm(fd, generation, known, wanted)) {
      known |= wanted;
    }
  }

  /** Whether the number still names the file that was armed, as far as can be known. */
  boolean namesFile() {
    return set != null && set.names(fd, generation, armed);
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
