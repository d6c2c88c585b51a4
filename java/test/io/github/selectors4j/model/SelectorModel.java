package io.github.selectors4j.model;

import io.github.selectors4j.Mechanism;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The model of a selector whose mechanism looks numbers up in each call: poll, select, /dev/poll.
 * What the others do otherwise is in subclasses.
 */
class SelectorModel {
  /** Makes the model of a mechanism's selector. */
  @FunctionalInterface
  interface Factory {
    SelectorModel create(Mechanism mechanism, DescriptorTable table);
  }

  final Mechanism mechanism;
  final DescriptorTable table;

  /** By slot. */
  final Map<Integer, Watch> watches = new TreeMap<>();

  private final Set<Difference> differences = EnumSet.noneOf(Difference.class);

  SelectorModel(Mechanism mechanism, DescriptorTable table) {
    this.mechanism = mechanism;
    this.table = table;
  }

  /** The model of this mechanism. */
  static SelectorModel of(Mechanism mechanism, DescriptorTable table) {
    return switch (mechanism) {
      case EPOLL -> new EpollModel(table);
      case KQUEUE -> new KqueueModel(table);
      case DEVPOLL, POLL, SELECT -> new SelectorModel(mechanism, table);
    };
  }

  final Outcome register(int slot, Interest interest, Object data) {
    OpenFile file = table.file(slot);
    if (watches.containsKey(slot)) {
      return Outcome.REGISTERED_ALREADY;
    }
    if (file == null || isRefused(slot, interest)) {
      return Outcome.REFUSED;
    }
    Watch watch = new Watch(file, interest, data);
    watches.put(slot, watch);
    added(slot, watch);
    return Outcome.DONE;
  }

  final Outcome modify(int slot, Interest interest) {
    Watch watch = watches.get(slot);
    if (watch == null) {
      return Outcome.NOT_REGISTERED;
    }
    if (watch.interest == interest) {
      return Outcome.DONE; // without a system call
    }
    if (isRefused(slot, interest)) {
      unregister(slot);
      return Outcome.REFUSED;
    }
    watch.interest = interest;
    modified(slot, watch);
    return Outcome.DONE;
  }

  final Outcome unregister(int slot) {
    if (watches.remove(slot) == null) {
      return Outcome.NOT_REGISTERED;
    }
    removed(slot);
    return Outcome.DONE;
  }

  /** What a select reports, by slot. */
  final Map<Integer, Integer> ready() {
    Map<Integer, Integer> ready = new TreeMap<>();
    watches.forEach(
        (slot, watch) -> {
          int events = events(watch, table.file(slot)) & watch.interest.events;
          if (events != 0) {
            ready.put(slot, events);
          }
        });
    return ready;
  }

  /** What is ready of a key, before the key masks it. */
  int events(Watch watch, @Nullable OpenFile named) {
    Difference difference = Difference.of(mechanism, watch, named);
    if (difference == null) {
      return Difference.usual(named.polled());
    }
    differences.add(difference);
    return difference.events(mechanism, watch, named);
  }

  /** Those that there were so far. */
  final Set<Difference> differences() {
    return differences;
  }

  private boolean isRefused(int slot, Interest interest) {
    Difference refusal = Difference.refusal(this, slot, interest);
    if (refusal != null) {
      differences.add(refusal);
    }
    return refusal != null;
  }

  /** Whether the kernel's set, if it is one of files, has the one that the slot names. */
  boolean hasInSet(int slot) {
    return true;
  }

  void added(int slot, Watch watch) {}

  void modified(int slot, Watch watch) {}

  void removed(int slot) {}

  /** Whether the kernel at hand copes with a slot that comes to name this file. */
  boolean mayBeNamed(int slot, @Nullable OpenFile file) {
    return true;
  }

  /** The slot has come to name another file, or none. */
  void renamed(int slot) {}

  /** The set was asked what is ready. */
  void selected() {}
}
