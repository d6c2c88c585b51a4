package io.github.selectors4j.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Chooses steps: the same ones for the same seed. Each generator has preferences of its own, drawn
 * too, for what needs many steps of few kinds on few descriptors never comes about by even chances.
 */
final class StepGenerator {
  private static final int FEWEST_SLOTS = 3;
  private static final int MOST_WAITS = 8;
  private static final int MOST_MICROSECONDS = 200;
  private static final int[] PREFERENCES = {1, 8, 64};
  private static final int[] UNSEEN_PERCENTS = {0, 0, 50, 90};

  private record Choice(int weight, Supplier<Step> step) {}

  private final SplittableRandom random;
  private final int slots;
  private final List<Choice> choices = new ArrayList<>();
  private final int unseenPercent;
  private final Kind[] kinds;
  private final Integer[] masks;
  private int weights;

  /**
   * With a preference.
   *
   * @param awaits whether for threads that await something, or for selectors
   */
  StepGenerator(long seed, boolean awaits) {
    random = new SplittableRandom(seed);
    slots = random.nextInt(FEWEST_SLOTS, DescriptorTable.SLOTS + 1);
    unseenPercent = UNSEEN_PERCENTS[random.nextInt(UNSEEN_PERCENTS.length)];
    kinds = preferred(Kind.values());
    masks = preferred(masks());
    add(100, () -> new Step.Open(any(kinds), slot(), slot()));
    add(80, () -> new Step.Duplicate(slot(), slot()));
    add(70, () -> new Step.Close(slot()));
    add(120, () -> new Step.Write(slot()));
    add(40, () -> new Step.Fill(slot()));
    add(80, () -> new Step.Read(slot()));
    add(50, () -> new Step.Drain(slot()));
    add(60, () -> new Step.Shutdown(slot(), any(Side.values())));
    add(60, () -> new Step.SendUrgent(slot()));
    add(30, () -> new Step.TakeUrgent(slot()));
    if (awaits) {
      add(240, () -> new Step.Await(slot(), any(masks)));
      add(60, () -> new Step.AwaitBriefly(slot(), any(masks)));
      add(40, () -> new Step.Look(slot(), any(masks)));
      add(40, () -> new Step.Cancel(slot()));
      add(40, () -> new Step.Interrupt(random.nextInt(MOST_WAITS)));
      return;
    }
    add(170, () -> new Step.Register(slot(), any(masks)));
    add(110, () -> new Step.Modify(slot(), any(masks)));
    add(90, () -> new Step.Unregister(slot()));
    add(60, () -> new Step.Throw(random.nextInt(1, 4)));
  }

  private void add(int weight, Supplier<Step> step) {
    int preferred = weight * PREFERENCES[random.nextInt(PREFERENCES.length)];
    choices.add(new Choice(preferred, step));
    weights += preferred;
  }

  /** The next step, which need not make sense. */
  Step next() {
    Step step = seen();
    return random.nextInt(100) < unseenPercent ? new Step.Unseen(step) : step;
  }

  private Step seen() {
    int rare = random.nextInt(1000);
    if (rare < 20) {
      return new Step.Wakeup(random.nextInt(1, 4));
    } else if (rare < 24) {
      return new Step.Select(random.nextInt(MOST_MICROSECONDS));
    } else if (rare < 25) {
      return new Step.Reopen();
    }
    int left = random.nextInt(weights);
    for (Choice choice : choices) {
      left -= choice.weight;
      if (left < 0) {
        return choice.step.get();
      }
    }
    throw new AssertionError("the weights add up to " + weights);
  }

  /** Some of them, and at least one. */
  private <T> T[] preferred(T[] all) {
    T[] some = Arrays.copyOf(all, random.nextInt(1, all.length + 1));
    for (int i = 0; i < some.length; i++) {
      some[i] = any(all);
    }
    return some;
  }

  /** Every mask, and those that every mechanism takes more often. */
  private static Integer[] masks() {
    return IntStream.concat(
            IntStream.rangeClosed(1, Answer.ALL),
            IntStream.range(0, 4).flatMap(time -> IntStream.rangeClosed(1, Answer.READ_WRITE)))
        .boxed()
        .toArray(Integer[]::new);
  }

  private int slot() {
    return random.nextInt(slots);
  }

  private <T> T any(T[] values) {
    return values[random.nextInt(values.length)];
  }
}
