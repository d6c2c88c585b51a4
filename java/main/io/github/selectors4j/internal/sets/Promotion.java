package io.github.selectors4j.internal.sets;

import io.github.selectors4j.internal.system.DescriptorTable;
import io.github.selectors4j.internal.system.EpollShim;
import org.jspecify.annotations.Nullable;

/**
 * Which keys an {@link AdaptiveEpollSet} asks for by poll, and when: those that are ready wait
 * after wait, if they are many enough to be worth a call of their own. Whoever is wrong here loses
 * time, and nothing else. For the selecting thread only.
 *
 * <p>A promotion is paid for. Asking by poll earns what it saves; one that has not earned its price
 * when it ends leaves a debt, which is paid off slowly, so that keys that seem to stay ready again
 * and again cost next to nothing. So is a wait that is looked at key by key.
 */
final class Promotion {

  private static final String PROPERTY = "selectors4j.adaptive";

  /** What a key earns by each poll that finds it ready: some 50 ns. */
  private static final int SAVED = 64;

  /** What a key earns by each other wait that finds it ready. */
  private static final int PAID_OFF = 1;

  /** What it costs to look at a key. */
  private static final int LOOK = 8;

  /** What it costs to promote a key and to take that back: two calls. */
  private static final int PRICE = 20 * SAVED;

  private static final long MOST_CREDIT = 1000L * PRICE;

  /** How many waits in a row have to find a key ready. */
  private final int window;

  /** How many keys are worth a call. */
  private final int fewest;

  private final int price;
  private final int look;
  private long credit;

  /** How many waits of the window there were. */
  private int waits;

  /** What the counts of this window begin with. */
  private int start;

  /**
   * By descriptor: in how many waits of this window it was ready, if that is above the start. Made
   * for the first window.
   */
  private @Nullable DescriptorTable counts;

  private int polls;

  private Promotion(int window, int fewest, int price, int look) {
    this.window = window;
    this.fewest = fewest;
    this.price = price;
    this.look = look;
  }

  /**
   * As the system property says: as it pays, or null for never; or, for tests, of each key at once,
   * whatever it costs.
   *
   * @throws IllegalArgumentException when the property's value is none that it may have
   */
  static @Nullable Promotion chosen() {
    String setting = System.getProperty(PROPERTY, "true");
    return switch (setting) {
      case "true" -> new Promotion(8, 16, PRICE, LOOK);
      case "false" -> null;
      case "eager" -> new Promotion(1, 1, 0, 0);
      default ->
          throw new IllegalArgumentException(
              "-D" + PROPERTY + "=" + setting + " is not possible: true or false is");
    };
  }

  /** How many keys have to be ready, promoted ones among them, for a wait to be told of. */
  int fewest() {
    return fewest;
  }

  /**
   * Takes note of what a wait for the others found.
   *
   * @param promoted how many keys are promoted by now
   * @return whether those that are {@link #isSteady steady} are to be promoted
   */
  boolean isDueAfter(EpollShim.Events events, int found, int promoted) {
    if (waits == 0 && credit < 0) {
      earn(found * PAID_OFF);
      return false;
    }
    credit -= (long) found * look;
    if (waits++ == 0) {
      start += window;
    }
    boolean enough = promoted + count(events, found) >= fewest;
    boolean due = enough && waits == window;
    if (due || !enough) {
      waits = 0;
    }
    return due;
  }

  /** A wait found too few. */
  void beginAnew() {
    waits = 0;
  }

  /** Counts each key's waits, and returns how many were ready in all of the window so far. */
  private int count(EpollShim.Events events, int found) {
    DescriptorTable counts = this.counts;
    if (counts == null) {
      counts = new DescriptorTable();
      this.counts = counts;
    }
    int steady = 0;
    for (int i = 0; i < found; i++) {
      int fd = (int) events.data(i);
      // An earlier file of the number may be there, too.
      int count = Math.min(Math.max(0, counts.get(fd) - start) + 1, waits);
      counts.put(fd, start + count);
      if (count == waits) {
        steady++;
      }
    }
    return steady;
  }

  /** Whether a descriptor was ready in all of the window that is complete. */
  boolean isSteady(int fd) {
    return counts != null && counts.get(fd) == start + window;
  }

  /** So many were promoted. */
  void pay(int promoted) {
    credit -= (long) promoted * price;
  }

  /**
   * Takes note of how many keys a poll found ready.
   *
   * @return whether those that are not are to be taken back
   */
  boolean isReviewDueAfterPoll(int found) {
    earn(found * SAVED);
    polls = (polls + 1) % window;
    return polls == 0;
  }

  /** Whether so many are not worth a call. */
  boolean isTooFew(int found) {
    return found < fewest / 2;
  }

  private void earn(int earned) {
    credit = Math.min(credit + earned, MOST_CREDIT);
  }
}
