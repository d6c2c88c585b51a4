package io.github.selectors4j.model;

import static io.github.selectors4j.BaseSelector.EVENT_HANGUP;
import static io.github.selectors4j.BaseSelector.EVENT_PRIORITY;
import static io.github.selectors4j.BaseSelector.EVENT_READ;

import io.github.selectors4j.Mechanism;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
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

    /** The same of its awaiter. */
    default AwaiterModel awaiter(Mechanism mechanism, DescriptorTable table) {
      return AwaiterModel.of(mechanism, table);
    }
  }

  final Mechanism mechanism;
  final DescriptorTable table;

  /** By slot. */
  final Map<Integer, Watch> watches = new TreeMap<>();

  /** What a wait found that was not handed out yet; between selects, what a handler left over. */
  private final List<Found> pending = new ArrayList<>();

  private boolean isLeftOver;
  private int generations;
  private final Set<Difference> differences = EnumSet.noneOf(Difference.class);
  private final Set<Rule> rules = EnumSet.noneOf(Rule.class);

  SelectorModel(Mechanism mechanism, DescriptorTable table) {
    this.mechanism = mechanism;
    this.table = table;
  }

  /** The model of this mechanism. */
  static SelectorModel of(Mechanism mechanism, DescriptorTable table) {
    return switch (mechanism) {
      case EPOLL ->
          AdaptiveEpollModel.IS_EAGER ? new AdaptiveEpollModel(table) : new EpollModel(table);
      case KQUEUE -> new KqueueModel(table);
      case DEVPOLL, POLL, SELECT -> new SelectorModel(mechanism, table);
    };
  }

  final Outcome register(int slot, int events, Object data) {
    if (isUnsupported(events)) {
      return Outcome.UNSUPPORTED;
    }
    OpenFile file = table.file(slot);
    if (watches.containsKey(slot)) {
      return Outcome.REGISTERED_ALREADY;
    }
    if (file == null || isRefused(slot, events)) {
      return Outcome.REFUSED;
    }
    Watch watch = new Watch(file, events, data, nextGeneration());
    watches.put(slot, watch);
    added(slot, watch);
    return Outcome.DONE;
  }

  final Outcome modify(int slot, int events) {
    if (isUnsupported(events)) {
      return Outcome.UNSUPPORTED;
    }
    Watch watch = watches.get(slot);
    if (watch == null) {
      return Outcome.NOT_REGISTERED;
    }
    OpenFile file = table.file(slot);
    if (file == null || isRefused(slot, events)) {
      met(file == null ? Rule.MODIFY_OF_A_CLOSED_NUMBER : null);
      unregister(slot);
      return Outcome.REFUSED;
    }
    if (watch.file != file) {
      met(watch.events == events ? Rule.MODIFY_TO_THE_SAME : Rule.MODIFY_TO_OTHER_EVENTS);
    }
    watch.events = events;
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

  /**
   * What a select that does not wait hands out, by slot: what was left over, or else what a wait
   * finds. The pass begins, and is to {@link #end}, or to be {@link #leave left}.
   */
  final Map<Integer, Integer> begin() {
    Map<Integer, Integer> ready = told();
    if (!ready.isEmpty()) {
      return ready;
    }
    end();
    pending.addAll(ask());
    return told();
  }

  /** All was handed out. */
  final void end() {
    boolean stale = pending.stream().anyMatch(this::isStale);
    pending.clear();
    isLeftOver = false;
    if (stale) {
      metStale();
    }
  }

  /**
   * The handler threw.
   *
   * @param handedOut slots
   * @return whether it is known what is left over; else it has to be looked at before a change
   */
  boolean leave(Set<Integer> handedOut) {
    pending.removeIf(found -> current(found) != null && handedOut.contains(found.slot()));
    isLeftOver = true;
    return pending.stream().allMatch(found -> current(found) == null || told(found) != 0);
  }

  private Map<Integer, Integer> told() {
    Map<Integer, Integer> told = new TreeMap<>();
    for (Found found : pending) {
      Watch watch = current(found);
      int events = watch == null ? 0 : told(found);
      if (isLeftOver) {
        noteLeftOver(found, watch);
      }
      if (events != 0) {
        told.put(found.slot(), events);
        noteEvents(found.slot(), events);
      }
    }
    return told;
  }

  private int told(Found found) {
    return Answer.masked(found.events(), watches.get(found.slot()).events);
  }

  private void noteLeftOver(Found found, @Nullable Watch watch) {
    if (watch == null) {
      met(
          watches.containsKey(found.slot())
              ? Rule.LEFT_OVER_OF_BEFORE
              : Rule.LEFT_OVER_UNREGISTERED);
    } else {
      met(told(found) == 0 ? Rule.LEFT_OVER_MASKED : Rule.LEFT_OVER);
    }
  }

  private void noteEvents(int slot, int events) {
    OpenFile named = table.file(slot);
    if (named == null) {
      return;
    }
    if ((events & EVENT_PRIORITY) != 0) {
      met(named.hasUrgent() ? Rule.URGENT_DATA : Rule.BARE_END_IS_PRIORITY);
    }
    if ((events & EVENT_HANGUP) != 0) {
      met((events & EVENT_READ) == 0 ? Rule.HANGUP_ALONE : Rule.HANGUP_BESIDE_READ);
    }
  }

  /** The watch that this was found of, or null when it is there no more. */
  final @Nullable Watch current(Found found) {
    Watch watch = watches.get(found.slot());
    return watch != null && watch.generation == found.generation() ? watch : null;
  }

  /** What a wait finds now. */
  List<Found> ask() {
    List<Found> all = new ArrayList<>();
    watches.forEach(
        (slot, watch) -> {
          int answer = answer(watch, table.file(slot));
          if (answer != 0) {
            all.add(new Found(slot, watch.generation, answer));
          }
        });
    return all;
  }

  /** What the system answers of a watch, before the key masks it. */
  int answer(Watch watch, @Nullable OpenFile named) {
    Difference difference = Difference.of(mechanism, watch, named);
    if (difference != null) {
      met(difference);
      return difference.answer(mechanism, watch, named);
    }
    return Answer.of(mechanism, named, watch.events);
  }

  /** Those that there were so far. */
  final Set<Difference> differences() {
    return differences;
  }

  final Set<Rule> rules() {
    return rules;
  }

  final void met(Difference difference) {
    differences.add(difference);
  }

  private void met(@Nullable Rule rule) {
    if (rule != null) {
      rules.add(rule);
    }
  }

  final int nextGeneration() {
    return ++generations;
  }

  private boolean isUnsupported(int events) {
    boolean unsupported = (events & ~Answer.supported(mechanism)) != 0;
    if (unsupported) {
      met(Difference.EVENT_IS_UNSUPPORTED);
    }
    return unsupported;
  }

  private boolean isRefused(int slot, int events) {
    Difference refusal = Difference.refusal(this, slot, events);
    if (refusal != null) {
      met(refusal);
    }
    return refusal != null;
  }

  void added(int slot, Watch watch) {}

  /** To other events, or another file, or neither. */
  void modified(int slot, Watch watch) {
    if (watch.file != table.file(slot) && isLeftOver(watch)) {
      met(Difference.LEFT_OVER_OF_THE_NUMBER);
    }
    watch.file = table.file(slot);
  }

  private boolean isLeftOver(Watch watch) {
    return pending.stream().anyMatch(found -> current(found) == watch);
  }

  void removed(int slot) {}

  /** Whether the kernel at hand copes with a slot that comes to name this file. */
  boolean mayBeNamed(int slot, @Nullable OpenFile file) {
    return true;
  }

  /** The slot has come to name another file, or none. */
  void renamed(int slot) {}

  /** Whether the kernel's set has what no watch is there for. */
  boolean isStale(Found found) {
    return current(found) == null;
  }

  /** A pass that ends has met what was found of no watch that is there now. */
  void metStale() {}
}
