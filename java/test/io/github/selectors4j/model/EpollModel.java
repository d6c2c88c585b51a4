package io.github.selectors4j.model;

import static io.github.selectors4j.BaseSelector.EVENT_PRIORITY;

import io.github.selectors4j.Mechanism;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's set has files, each under the number that it had when it was added, and is asked by
 * number for the file that the number names now.
 */
class EpollModel extends SelectorModel {
  private List<Entry> entries = new ArrayList<>();

  /** The slots under which the set may have a file that could not be removed. */
  final Set<Integer> unremoved = new HashSet<>();

  /** What the first poll of a new set may have taken away, and is reported once for that. */
  private final List<Found> doubtful = new ArrayList<>();

  EpollModel(DescriptorTable table) {
    super(Mechanism.EPOLL, table);
  }

  /**
   * Stale if it is not the current watch's of that slot.
   *
   * @param events none if it is silent: then it reports its end, and that once
   * @param over whether it has done so
   */
  record Entry(OpenFile file, int slot, int events, int generation, boolean over) {
    Entry(OpenFile file, int slot, int events, int generation) {
      this(file, slot, events, generation, false);
    }

    int answer() {
      return over || !file.isOpen() ? 0 : Answer.ofPoll(file.polled(), events);
    }

    Entry reported() {
      return events == 0 ? new Entry(file, slot, events, generation, true) : this;
    }
  }

  @Override
  void added(int slot, Watch watch) {
    replaceEntry(slot, watch);
  }

  /** What it named before stays in the set if a duplicate keeps it open. */
  @Override
  void modified(int slot, Watch watch) {
    boolean isInSet = find(slot) != null;
    if (!isInSet || unremoved.contains(slot)) {
      watch.generation = nextGeneration();
    }
    if (!isInSet) {
      unremoved.add(slot);
    }
    watch.file = table.file(slot);
    watch.forgotten = false;
    replaceEntry(slot, watch);
  }

  /** What the number names now goes; what it named before may stay. */
  @Override
  void removed(int slot) {
    if (!entries.remove(find(slot))) {
      unremoved.add(slot);
    }
  }

  @Override
  List<Found> ask() {
    List<Found> all = super.ask();
    for (Entry entry : entries) {
      Found found = new Found(entry.slot, entry.generation, entry.answer());
      if (found.events() != 0 && current(found) == null) {
        all.add(found);
      }
    }
    entries.replaceAll(entry -> entry.answer() == 0 ? entry : entry.reported());
    doubtful.removeIf(found -> current(found) == null);
    for (Found each : doubtful) {
      addDoubtful(each, all);
    }
    doubtful.clear();
    return all;
  }

  private void addDoubtful(Found doubtful, List<Found> all) {
    for (int i = 0; i < all.size(); i++) {
      Found found = all.get(i);
      if (found.slot() == doubtful.slot() && found.generation() == doubtful.generation()) {
        all.set(i, new Found(found.slot(), found.generation(), found.events() | doubtful.events()));
        return;
      }
    }
    met(Difference.REPLACED_SET_REPEATS);
    all.add(doubtful);
  }

  /** An event that is nobody's has the set replaced by one of what the numbers name now. */
  @Override
  void metStale() {
    if (unremoved.isEmpty()) {
      return;
    }
    List<Entry> replacement = new ArrayList<>();
    watches.forEach(
        (slot, watch) -> {
          watch.forgotten = find(slot) == null;
          if (!watch.forgotten) {
            watch.file = table.file(slot);
            replacement.add(new Entry(watch.file, slot, watch.events, watch.generation));
            if ((watch.events & EVENT_PRIORITY) != 0) {
              doubtful.add(new Found(slot, watch.generation, EVENT_PRIORITY));
            }
          }
        });
    entries = replacement;
    unremoved.clear();
  }

  private void replaceEntry(int slot, Watch watch) {
    replaceEntry(slot, watch, watch.events);
  }

  final void replaceEntry(int slot, Watch watch, int events) {
    entries.remove(find(slot));
    entries.add(new Entry(watch.file, slot, events, watch.generation));
  }

  final @Nullable Entry find(int slot) {
    OpenFile file = table.file(slot);
    for (Entry entry : entries) {
      if (file != null && entry.file == file && entry.slot == slot) {
        return entry;
      }
    }
    return null;
  }
}
