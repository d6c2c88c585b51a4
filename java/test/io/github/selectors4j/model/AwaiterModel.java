package io.github.selectors4j.model;

import static io.github.selectors4j.BaseSelector.EVENT_PRIORITY;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;

import io.github.selectors4j.Mechanism;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The model of an awaiter whose mechanism looks numbers up in each call: poll, select, /dev/poll.
 * What the others do otherwise is in subclasses. All that is ready is told before the next step.
 */
class AwaiterModel {
  static final String TIME_IS_UP = "time is up";
  static final String CANCELLED = "cancelled";
  static final String INTERRUPTED = "interrupted";
  static final String CLOSED = "closed";
  static final String REFUSED = "refused";
  static final String UNSUPPORTED = "unsupported";

  /** A thread that waits. */
  record Wait(int id, int slot, int events) {}

  /** Who waits for one number. */
  static final class Group {
    final List<Wait> waits = new ArrayList<>();

    /** For which it was armed. */
    @Nullable OpenFile file;

    /** Whether the mechanism will report it. */
    boolean isArmed;

    /** For what, also for those who have given up since. */
    int armedFor;

    int events() {
      return waits.stream().mapToInt(Wait::events).reduce(0, (one, other) -> one | other);
    }
  }

  final Mechanism mechanism;
  final DescriptorTable table;
  private final Map<Integer, Group> groups = new TreeMap<>();
  private final Map<Integer, Set<String>> ended = new TreeMap<>();
  private final Set<Difference> differences = EnumSet.noneOf(Difference.class);
  private final Set<Rule> rules = EnumSet.noneOf(Rule.class);

  AwaiterModel(Mechanism mechanism, DescriptorTable table) {
    this.mechanism = mechanism;
    this.table = table;
  }

  /** The model of this mechanism. */
  static AwaiterModel of(Mechanism mechanism, DescriptorTable table) {
    return switch (mechanism) {
      case EPOLL -> new EpollAwaiter(table);
      case KQUEUE -> new KqueueAwaiter(table);
      case DEVPOLL, POLL, SELECT -> new AwaiterModel(mechanism, table);
    };
  }

  /** Where the set knows files. */
  private abstract static class FilesAwaiter extends AwaiterModel {
    FilesAwaiter(Mechanism mechanism, DescriptorTable table) {
      super(mechanism, table);
    }

    @Override
    final boolean isAnother(Group group, OpenFile named) {
      return group.file != null && group.file != named;
    }

    @Override
    boolean mayBeNamed(int slot, @Nullable OpenFile file) {
      return true;
    }
  }

  /** Where the kernel keeps a file in its set as long as it is open, under the number it had. */
  private static final class EpollAwaiter extends FilesAwaiter {
    EpollAwaiter(DescriptorTable table) {
      super(Mechanism.EPOLL, table);
    }

    @Override
    @Nullable OpenFile watched(Group group, int slot) {
      return group.file == null || group.file.isOpen() ? group.file : null;
    }

    @Override
    void renamed(int slot) {}
  }

  /** Where the kernel forgets a number with its file. */
  private static final class KqueueAwaiter extends FilesAwaiter {
    private record Lost(int slot, OpenFile file) {}

    private final Set<Lost> lost = new HashSet<>();

    KqueueAwaiter(DescriptorTable table) {
      super(Mechanism.KQUEUE, table);
    }

    @Override
    void renamed(int slot) {
      Group group = group(slot);
      if (group.file != null && group.file != table.file(slot)) {
        lost.add(new Lost(slot, group.file));
        group.isArmed = false;
      }
    }

    /** The emulated kernel takes a file that comes back to its number for one that never left. */
    @Override
    boolean mayBeNamed(int slot, @Nullable OpenFile file) {
      return file == null || (file != group(slot).file && !lost.contains(new Lost(slot, file)));
    }

    /** A filter for reading and one for writing: what comes first of the two may be told alone. */
    @Override
    void addParts(Set<String> outcomes) {
      for (String outcome : List.copyOf(outcomes)) {
        int events = Integer.parseInt(outcome);
        int written = events & EVENT_WRITE;
        if (written != 0 && written != events) {
          outcomes.add(Integer.toString(written));
          outcomes.add(Integer.toString(events & ~written));
        }
      }
    }

    /** What is left to another mechanism. */
    @Override
    boolean isLeft(int slot, int events) {
      OpenFile file = table.file(slot);
      return (events & EVENT_PRIORITY) != 0 || (file != null && Pipe.isBroken(file));
    }
  }

  final Group group(int slot) {
    return groups.computeIfAbsent(slot, none -> new Group());
  }

  /** How many wait. */
  final List<Wait> waits() {
    return groups.values().stream().flatMap(group -> group.waits.stream()).toList();
  }

  /** Whether this await is not looked at, as a second mechanism would come into it. */
  boolean isLeft(int slot, int events) {
    return false;
  }

  /** A thread begins to wait. */
  final void await(Wait wait) {
    if (isUnsupported(wait.events)) {
      end(wait, UNSUPPORTED, null);
      return;
    }
    OpenFile named = table.file(wait.slot);
    if (named == null) {
      end(wait, REFUSED, Rule.AWAIT_OF_A_CLOSED_NUMBER);
      return;
    }
    Group group = group(wait.slot);
    group.armedFor = group.events() | wait.events;
    if (isAnother(group, named)) {
      for (Wait other : List.copyOf(group.waits)) {
        end(other, CANCELLED, null);
        differences.add(Difference.ANOTHER_FILE_ENDS_AWAITS);
      }
    }
    group.waits.add(wait);
    group.file = named;
    group.isArmed = true;
    advance();
    Set<String> outcomes = ended.get(wait.id);
    if (outcomes != null) {
      addParts(outcomes);
    }
  }

  /** Adds to what an await is told as soon as it begins what it may be told of that instead. */
  void addParts(Set<String> outcomes) {}

  /** What an await finds that does not wait. */
  final String look(int slot, int events) {
    if (isUnsupported(events)) {
      return UNSUPPORTED;
    }
    OpenFile named = table.file(slot);
    int found = named == null ? 0 : Answer.masked(Answer.ofPoll(named.polled(), events), events);
    return named == null ? REFUSED : found == 0 ? TIME_IS_UP : Integer.toString(found);
  }

  private boolean isUnsupported(int events) {
    // What kqueue can't wait for, select can.
    return mechanism != Mechanism.KQUEUE && (events & ~Answer.supported(mechanism)) != 0;
  }

  /** Tells all for whom something is ready. */
  final void advance() {
    groups.forEach(
        (slot, group) -> {
          OpenFile file = group.isArmed && !group.waits.isEmpty() ? watched(group, slot) : null;
          if (file == null) {
            return;
          }
          int answer = Answer.of(mechanism, file, group.armedFor);
          int before = group.waits.size();
          for (Wait wait : List.copyOf(group.waits)) {
            int found = Answer.masked(answer, wait.events);
            if (found != 0) {
              end(wait, Integer.toString(found), Rule.AWAIT_ENDS);
            }
          }
          if (answer != 0) {
            // For who is left, it is asked for by its number.
            group.armedFor = group.events();
            group.isArmed = table.file(slot) != null && !isAnother(group, table.file(slot));
            boolean isAnyTold = group.waits.size() < before;
            met(isAnyTold && !group.waits.isEmpty() ? Rule.AWAIT_GOES_ON : null);
          }
        });
  }

  /** What is watched of a group that is armed; null for nothing. */
  @Nullable OpenFile watched(Group group, int slot) {
    return table.file(slot);
  }

  /** Whether a number is known to name another file than the one that was awaited. */
  boolean isAnother(Group group, OpenFile named) {
    return false;
  }

  /** The slot has come to name another file, or none. */
  void renamed(int slot) {
    if (table.file(slot) == null) {
      group(slot).isArmed = false;
    }
  }

  /**
   * Whether it is known what comes of a slot's naming this file. A call that waits for what it
   * names keeps that open, and reports what the new file is ready for meanwhile.
   */
  boolean mayBeNamed(int slot, @Nullable OpenFile file) {
    Group group = group(slot);
    return !group.isArmed || group.waits.isEmpty();
  }

  /** How many are cancelled. */
  int cancel(int slot) {
    List<Wait> waits = List.copyOf(group(slot).waits);
    waits.forEach(wait -> end(wait, CANCELLED, Rule.AWAIT_IS_CANCELLED));
    return waits.size();
  }

  /**
   * The time of an await is up as soon as it has begun. What the mechanism reports may come before
   * or after that; then a look is taken, whose call may tell more than the report.
   */
  final void timeIsUp(Wait wait) {
    Set<String> outcomes = ended.get(wait.id);
    if (outcomes == null) {
      giveUp(wait, TIME_IS_UP);
    } else {
      outcomes.add(look(wait.slot, wait.events));
    }
  }

  /** The time is up, or the thread was interrupted: readiness wins, which is looked for by poll. */
  final void giveUp(Wait wait, String outcome) {
    int found = lastLook(wait);
    end(
        wait,
        found == 0 ? outcome : Integer.toString(found),
        outcome.equals(INTERRUPTED) ? Rule.AWAIT_IS_INTERRUPTED : Rule.AWAIT_TIMES_OUT);
  }

  /** What poll finds of the file that a wait is for. */
  int lastLook(Wait wait) {
    OpenFile named = table.file(wait.slot);
    boolean isSame = named != null && !isAnother(group(wait.slot), named);
    return isSame ? Answer.masked(Answer.ofPoll(named.polled(), wait.events), wait.events) : 0;
  }

  final void close() {
    waits().forEach(wait -> end(wait, CLOSED, Rule.AWAIT_IS_CLOSED));
  }

  private void end(Wait wait, String outcome, @Nullable Rule rule) {
    group(wait.slot).waits.remove(wait);
    ended.put(wait.id, new TreeSet<>(Set.of(outcome)));
    met(rule);
  }

  /** How those may have ended who did since the last call, by their identity. */
  final Map<Integer, Set<String>> takeEnded() {
    Map<Integer, Set<String>> taken = new TreeMap<>(ended);
    ended.clear();
    return taken;
  }

  private void met(@Nullable Rule rule) {
    if (rule != null) {
      rules.add(rule);
    }
  }

  final Set<Difference> differences() {
    return differences;
  }

  final Set<Rule> rules() {
    return rules;
  }
}
