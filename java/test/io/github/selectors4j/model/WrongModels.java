package io.github.selectors4j.model;

import static io.github.selectors4j.TestLibrary.POLLHUP;

import io.github.selectors4j.Mechanism;
import org.jspecify.annotations.Nullable;

/** Models that are not right, which is to be found out. */
final class WrongModels {
  private WrongModels() {}

  /** Takes hang-up for silence. */
  static SelectorModel withoutHangUp(Mechanism mechanism, DescriptorTable table) {
    return new SelectorModel(mechanism, table) {
      @Override
      int events(Watch watch, @Nullable OpenFile named) {
        boolean hungUp = named != null && (named.polled() & POLLHUP) != 0;
        return hungUp ? 0 : super.events(watch, named);
      }
    };
  }

  /** Keeps to a file as long as that is open, whatever its number names. */
  static SelectorModel withoutReuse(Mechanism mechanism, DescriptorTable table) {
    return new SelectorModel(mechanism, table) {
      @Override
      int events(Watch watch, @Nullable OpenFile named) {
        return super.events(watch, watch.file.isOpen() ? watch.file : named);
      }
    };
  }

  /** Takes every selector for a poll selector: all others are not right then. */
  static SelectorModel ofPoll(Mechanism mechanism, DescriptorTable table) {
    return new SelectorModel(Mechanism.POLL, table);
  }
}
