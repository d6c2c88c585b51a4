package io.github.selectors4j.model;

import io.github.selectors4j.Mechanism;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The kernel's set has numbers, each until it is closed. */
final class KqueueModel extends SelectorModel {
  private record Lost(int slot, OpenFile file) {}

  private final Set<Lost> lost = new HashSet<>();

  KqueueModel(DescriptorTable table) {
    super(Mechanism.KQUEUE, table);
  }

  @Override
  void modified(int slot, Watch watch) {
    if (watch.forgotten) {
      watch.generation = nextGeneration();
    }
    watch.file = table.file(slot);
    watch.forgotten = false;
  }

  /** The emulated kernel takes a file that comes back to its number for one that never left. */
  @Override
  boolean mayBeNamed(int slot, @Nullable OpenFile file) {
    Watch watch = watches.get(slot);
    return (watch == null || watch.file != file) && !lost.contains(new Lost(slot, file));
  }

  @Override
  void renamed(int slot) {
    Watch watch = watches.get(slot);
    if (watch != null) {
      lost.add(new Lost(slot, watch.file));
      watch.forgotten = true;
    }
  }
}
