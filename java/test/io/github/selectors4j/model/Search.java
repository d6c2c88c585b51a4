package io.github.selectors4j.model;

import io.github.selectors4j.Mechanism;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** Takes random steps until a model is wrong, and then says so by as few steps as possible. */
final class Search {
  private static final int STEPS_OF_A_TRIAL = 250;

  /** A trial of awaits takes as long as that many of selectors. */
  private static final int AWAITING_ONE_IN = 16;

  private static final Duration SHRINKING = Duration.ofSeconds(60);

  private final List<Mechanism> mechanisms;
  private final SelectorModel.Factory models;
  private final String modelsSource;
  private final Set<Difference> differences = EnumSet.noneOf(Difference.class);
  private final Set<Rule> rules = EnumSet.noneOf(Rule.class);

  Search(List<Mechanism> mechanisms) {
    this(mechanisms, SelectorModel::of, "SelectorModel::of");
  }

  /**
   * With other models.
   *
   * @param modelsSource the source of {@code models}
   */
  Search(List<Mechanism> mechanisms, SelectorModel.Factory models, String modelsSource) {
    this.mechanisms = mechanisms;
    this.models = models;
    this.modelsSource = modelsSource;
  }

  /** The differences between mechanisms that there were so far. */
  Set<Difference> differences() {
    return differences;
  }

  /** The rules that were met so far. */
  Set<Rule> rules() {
    return rules;
  }

  /**
   * Takes steps, beginning anew every so often.
   *
   * @param steps at least how many after which what is ready is compared
   * @throws Disagreement with the source of a test that fails in the same way
   */
  void run(long seed, int steps) {
    SplittableRandom seeds = new SplittableRandom(seed);
    int trials = 0;
    for (int compared = 0; compared < steps; ) {
      compared += runTrial(seed, seeds.nextLong(), ++trials % AWAITING_ONE_IN == 0);
    }
  }

  private int runTrial(long seed, long trialSeed, boolean awaits) {
    StepGenerator generator = new StepGenerator(trialSeed, awaits);
    List<Step> steps = new ArrayList<>();
    try (Trial trial = new Trial(mechanisms, models)) {
      for (int taken = 0; taken < STEPS_OF_A_TRIAL; ) {
        Step step = generator.next();
        steps.add(step);
        if (trial.take(step)) {
          taken++;
        } else {
          steps.remove(steps.size() - 1);
        }
      }
      trial.finish();
      differences.addAll(trial.differences());
      rules.addAll(trial.rules());
      return trial.compared();
    } catch (Exception | AssertionError e) {
      throw explained(seed, steps, e);
    }
  }

  private Disagreement explained(long seed, List<Step> steps, Throwable first) {
    Shrinker shrinker = new Shrinker(SHRINKING);
    Predicate<List<Step>> fails = some -> failure(mechanisms, some) != null;
    List<Step> fewSteps = shrinker.shrink(allSeen(shrinker.shrink(steps, fails), fails), fails);
    List<Mechanism> fewMechanisms =
        shrinker.shrink(mechanisms, some -> failure(some, fewSteps) != null);
    String failure = failure(fewMechanisms, fewSteps);
    String said = "seed " + seed + ": " + (failure == null ? first : failure);
    Disagreement explained =
        new Disagreement(
            said + "\n\n" + Printer.test("SeedTest", fewMechanisms, modelsSource, fewSteps, said));
    explained.initCause(first);
    return explained;
  }

  /** The same with a look at what is ready after every step that can do with one. */
  private static List<Step> allSeen(List<Step> steps, Predicate<List<Step>> fails) {
    List<Step> seen = new ArrayList<>(steps);
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i) instanceof Step.Unseen unseen) {
        seen.set(i, unseen.step());
        if (!fails.test(seen)) {
          seen.set(i, unseen);
        }
      }
    }
    return seen;
  }

  /** How these steps fail; null when they don't. */
  private String failure(List<Mechanism> some, List<Step> steps) {
    try {
      Trial.run(some, models, steps);
      return null;
    } catch (Disagreement e) {
      return e.getMessage();
    } catch (Exception | AssertionError e) {
      return e.toString();
    }
  }
}
