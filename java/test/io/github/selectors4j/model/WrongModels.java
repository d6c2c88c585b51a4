package io.github.selectors4j.model;

import static io.github.selectors4j.BaseSelector.EVENT_HANGUP;
import static io.github.selectors4j.BaseSelector.EVENT_PRIORITY;
import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.TestLibrary.POLLHUP;
import static io.github.selectors4j.TestLibrary.POLLPRI;

import io.github.selectors4j.Mechanism;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Models that are not right, which is to be found out. */
final class WrongModels {
  private WrongModels() {}

  /** Takes hang-up for silence. */
  static SelectorModel withoutHangUp(Mechanism mechanism, DescriptorTable table) {
    return new SelectorModel(mechanism, table) {
      @Override
      int answer(Watch watch, @Nullable OpenFile named) {
        boolean hungUp = named != null && (named.polled() & POLLHUP) != 0;
        return hungUp ? 0 : super.answer(watch, named);
      }
    };
  }

  /** Keeps to a file as long as that is open, whatever its number names. */
  static SelectorModel withoutReuse(Mechanism mechanism, DescriptorTable table) {
    return new SelectorModel(mechanism, table) {
      @Override
      int answer(Watch watch, @Nullable OpenFile named) {
        return super.answer(watch, watch.file.isOpen() ? watch.file : named);
      }
    };
  }

  /** Takes urgent data for silence. */
  static SelectorModel withoutUrgentData(Mechanism mechanism, DescriptorTable table) {
    return new SelectorModel(mechanism, table) {
      @Override
      int answer(Watch watch, @Nullable OpenFile named) {
        boolean urgent = named != null && (named.polled() & POLLPRI) != 0;
        return super.answer(watch, named) & (urgent ? ~EVENT_PRIORITY : -1);
      }
    };
  }

  /** Takes a half-close for a hang-up only where nobody reads. */
  static SelectorModel withoutHangUpOfReaders(Mechanism mechanism, DescriptorTable table) {
    return new SelectorModel(mechanism, table) {
      @Override
      int answer(Watch watch, @Nullable OpenFile named) {
        int answer = super.answer(watch, named);
        return (watch.events & EVENT_READ) == 0 ? answer : answer & ~EVENT_HANGUP;
      }
    };
  }

  /** Takes every hang-up for an exceptional condition. */
  static SelectorModel withPriorityOfHangUp(Mechanism mechanism, DescriptorTable table) {
    return new SelectorModel(mechanism, table) {
      @Override
      int answer(Watch watch, @Nullable OpenFile named) {
        boolean hungUp = named != null && (named.polled() & POLLHUP) != 0;
        return super.answer(watch, named) | (hungUp ? EVENT_PRIORITY : 0);
      }
    };
  }

  /** Keeps to the file that it has when a key is modified. */
  static SelectorModel withoutLookAtTheFile(Mechanism mechanism, DescriptorTable table) {
    return new EpollModel(table) {
      @Override
      void modified(int slot, Watch watch) {
        if (watch.file == table.file(slot)) {
          super.modified(slot, watch);
        }
      }
    };
  }

  /** Leaves nothing over when a handler throws. */
  static SelectorModel withoutLeftOvers(Mechanism mechanism, DescriptorTable table) {
    return new SelectorModel(mechanism, table) {
      @Override
      boolean leave(Set<Integer> handedOut) {
        end();
        return true;
      }
    };
  }

  /** Has nobody's cancel end an await. */
  static final SelectorModel.Factory WITHOUT_CANCEL =
      ofAwaiters(
          (mechanism, table) ->
              new AwaiterModel(mechanism, table) {
                @Override
                int cancel(int slot) {
                  return 0;
                }
              });

  /** Has an interrupt win over readiness. */
  static final SelectorModel.Factory WITHOUT_LAST_LOOK =
      ofAwaiters(
          (mechanism, table) ->
              new AwaiterModel(mechanism, table) {
                @Override
                int lastLook(Wait wait) {
                  return 0;
                }
              });

  /** Takes a number for a number: whatever it names is what is awaited. */
  static final SelectorModel.Factory WITHOUT_FILES = ofAwaiters(AwaiterModel::new);

  private static SelectorModel.Factory ofAwaiters(
      BiFunction<Mechanism, DescriptorTable, AwaiterModel> models) {
    return new SelectorModel.Factory() {
      @Override
      public SelectorModel create(Mechanism mechanism, DescriptorTable table) {
        return SelectorModel.of(mechanism, table);
      }

      @Override
      public AwaiterModel awaiter(Mechanism mechanism, DescriptorTable table) {
        return models.apply(mechanism, table);
      }
    };
  }

  /** Takes every selector for a poll selector: all others are not right then. */
  static SelectorModel ofPoll(Mechanism mechanism, DescriptorTable table) {
    return new SelectorModel(Mechanism.POLL, table);
  }
}
