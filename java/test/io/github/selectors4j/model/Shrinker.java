package io.github.selectors4j.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Leaves out of a list what its failing does not need: delta debugging (Zeller's ddmin). */
final class Shrinker {
  private final long deadline;

  /** Stops after a while, with what it has by then. */
  Shrinker(Duration atMost) {
    deadline = System.nanoTime() + atMost.toNanos();
  }

  /**
   * A part of a list that fails as well. Unless time was up, no element of it can be left out.
   *
   * @param fails of the whole list, true
   */
  <T> List<T> shrink(List<T> list, Predicate<List<T>> fails) {
    List<T> smallest = list;
    int length = Math.max(1, list.size() / 2);
    while (System.nanoTime() - deadline < 0) {
      List<T> smaller = withoutPart(smallest, length, fails);
      if (smaller.size() < smallest.size()) {
        smallest = smaller;
      } else if (length == 1) {
        break;
      } else {
        length = Math.max(1, length / 2);
      }
    }
    return smallest;
  }

  /** Leaves out every part of this length that can be left out. */
  private <T> List<T> withoutPart(List<T> list, int length, Predicate<List<T>> fails) {
    List<T> smallest = list;
    for (int start = list.size() - length; ; start -= length) {
      int from = Math.max(0, start);
      int to = Math.min(Math.max(0, start + length), smallest.size());
      List<T> rest = new ArrayList<>(smallest.subList(0, from));
      rest.addAll(smallest.subList(to, smallest.size()));
      if (to > from && System.nanoTime() - deadline < 0 && fails.test(rest)) {
        smallest = rest;
      }
      if (start <= 0) {
        return smallest;
      }
    }
  }
}
