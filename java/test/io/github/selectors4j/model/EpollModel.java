package io.github.selectors4j.model;

import io.github.selectors4j.Mechanism;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's set has files, each under the number that it had when it was added, and is asked by
 * number for the file that the number names now.
 */
final class EpollModel extends SelectorModel {
  private List<Entry> entries = new ArrayList<>();

  EpollModel(DescriptorTable table) {
    super(Mechanism.EPOLL, table);
  }

  /** Stale if it is not the current watch's of that slot. */
  private record Entry(OpenFile file, int slot, Interest interest, Watch watch) {}

  @Override
  void added(int slot, Watch watch) {
    replaceEntry(slot, watch);
  }

  @Override
  boolean hasInSet(int slot) {
    return find(slot) != null;
  }

  @Override
  void modified(int slot, Watch watch) {
    watch.file = table.file(slot);
    watch.forgotten = false;
    replaceEntry(slot, watch);
  }

  /** What the number names now goes; what it named before may stay. */
  @Override
  void removed(int slot) {
    entries.remove(find(slot));
  }

  /** An event that is nobody's has the set replaced by one of what the numbers name now. */
  @Override
  void selected() {
    if (entries.stream().noneMatch(this::isStaleAndReady)) {
      return;
    }
    List<Entry> replacement = new ArrayList<>();
    watches.forEach(
        (slot, watch) -> {
          watch.forgotten = find(slot) == null;
          if (!watch.forgotten) {
            watch.file = table.file(slot);
            replacement.add(new Entry(watch.file, slot, watch.interest, watch));
          }
        });
    entries = replacement;
  }

  private boolean isStaleAndReady(Entry entry) {
    Watch current = watches.get(entry.slot);
    boolean stale = current != entry.watch || current.file != entry.file;
    int events = Difference.usual(entry.file.polled()) & entry.interest.events;
    return stale && entry.file.isOpen() && events != 0;
  }

  private void replaceEntry(int slot, Watch watch) {
    entries.remove(find(slot));
    entries.add(new Entry(watch.file, slot, watch.interest, watch));
  }

  private @Nullable Entry find(int slot) {
    OpenFile file = table.file(slot);
    for (Entry entry : entries) {
      if (file != null && entry.file == file && entry.slot == slot) {
        return entry;
      }
    }
    return null;
  }
}
