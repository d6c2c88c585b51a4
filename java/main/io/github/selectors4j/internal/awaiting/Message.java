package io.github.selectors4j.internal.awaiting;

import io.github.selectors4j.internal.sets.OneShotSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an {@link Entry} is told while another thread works on it. */
abstract sealed class Message
    permits Waiter, Message.Report, Message.Failure, Message.Naming, Message.Removal {

  /** The one before, among those that may not have been taken. */
  volatile @Nullable Message next;

  /** A report of a set. */
  static final class Report extends Message {
    final OneShotSet set;
    final int generation;
    final int found;

    Report(OneShotSet set, int generation, int found) {
      this.set = set;
      this.generation = generation;
      this.found = found;
    }
  }

  /** A set can't wait. */
  static final class Failure extends Message {
    final OneShotSet set;
    final Reason reason;

    /** Who waited then, and the state of each. */
    final Map<Waiter, Long> waits;

    Failure(OneShotSet set, Reason reason, Map<Waiter, Long> waits) {
      this.set = set;
      this.reason = reason;
      this.waits = waits;
    }
  }

  /** Asks whether the number still names the file that was armed for a waiter. */
  static final class Naming extends Message {
    final Waiter waiter;

    /** The answer. */
    boolean isSame;

    Naming(Waiter waiter) {
      this.waiter = waiter;
    }
  }

  /** The number is ours, and to be closed. */
  static final class Removal extends Message {}
}
