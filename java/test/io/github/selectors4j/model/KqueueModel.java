package io.github.selectors4j.model;

import io.github.selectors4j.Mechanism;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Two filters for each number, which end when it is closed; a broken pipe takes no WRITE. */
final class KqueueModel extends SelectorModel {
  private record Lost(int slot, OpenFile file) {}

  private final Set<Lost> lost = new HashSet<>();

  KqueueModel(DescriptorTable table) {
    super(Mechanism.KQUEUE, table);
  }

  @Override
  boolean isRefused(OpenFile file, Interest interest) {
    return interest != Interest.READ && Pipe.isBroken(file);
  }

  @Override
  boolean change(int slot, Watch watch, Interest interest) {
    OpenFile file = table.file(slot);
    boolean hasWrite = !watch.forgotten && watch.interest != Interest.READ;
    if (file == null || (!hasWrite && isRefused(file, interest))) {
      return false;
    }
    watch.file = file;
    watch.forgotten = false;
    return true;
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
