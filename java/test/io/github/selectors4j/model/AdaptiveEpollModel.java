package io.github.selectors4j.model;

import static io.github.selectors4j.BaseSelector.EVENT_PRIORITY;

import java.util.ArrayList;
import java.util.List;

/**
 * The set that asks for a key by poll once it was ready, if it is for a pipe or a socket, and by
 * epoll again once it was not. All that may differ is what it reports of a number that names
 * another file, or none.
 */
final class AdaptiveEpollModel extends EpollModel {

  /** Whether the selectors have such sets. */
  static final boolean IS_EAGER = "eager".equals(System.getProperty("selectors4j.adaptive"));

  /** What the last look found by poll. */
  private List<Found> polled = new ArrayList<>();

  AdaptiveEpollModel(DescriptorTable table) {
    super(table);
  }

  @Override
  void modified(int slot, Watch watch) {
    boolean isSame = watch.polledFor == watch.events;
    if (isSame && find(slot) != null && !unremoved.contains(slot)) {
      watch.file = table.file(slot);
      return;
    }
    watch.polledFor = 0;
    super.modified(slot, watch);
  }

  /** The kernel's set is not asked where poll has found something, and has all. */
  @Override
  List<Found> ask() {
    polled = new ArrayList<>();
    watches.forEach(
        (slot, watch) -> {
          if (watch.polledFor != 0) {
            int answer = answer(watch, table.file(slot));
            if (answer == 0) {
              takeBack(slot, watch);
            } else {
              polled.add(new Found(slot, watch.generation, answer));
            }
          }
        });
    boolean isAnyLeft = watches.values().stream().anyMatch(watch -> watch.polledFor == 0);
    if (!polled.isEmpty() && !isAnyLeft) {
      return new ArrayList<>(polled);
    }
    List<Found> all = super.ask();
    all.forEach(this::promote);
    return all;
  }

  private void promote(Found found) {
    Watch watch = current(found);
    int slot = found.slot();
    if (watch != null
        && watch.polledFor == 0
        && (watch.events & EVENT_PRIORITY) == 0
        && (Pipe.isEnd(table.file(slot)) || isSocket(slot))
        && !unremoved.contains(slot)
        && find(slot) != null) {
      watch.polledFor = watch.events;
      replaceEntry(slot, watch, 0);
    }
  }

  private boolean isSocket(int slot) {
    OpenFile file = table.file(slot);
    return file != null && file.isSocket();
  }

  private void takeBack(int slot, Watch watch) {
    watch.polledFor = 0;
    super.modified(slot, watch);
  }

  @Override
  boolean isStale(Found found) {
    return super.isStale(found) && !polled.contains(found);
  }

  @Override
  void metStale() {
    if (!unremoved.isEmpty()) {
      watches.forEach(
          (slot, watch) -> {
            if (watch.polledFor != 0 && table.file(slot) != null) {
              takeBack(slot, watch);
            }
          });
    }
    super.metStale();
  }
}
