package io.github.selectors4j.model;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.Mechanisms;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** A long run, for {@code scripts/stress model}: one seed after the other, a line for each. */
public final class ModelRun {
  private static final int STEPS = 50_000;

  private ModelRun() {}

  /** With the seconds to go on for, and optionally the first seed. */
  public static void main(String... arguments) {
    Duration time = Duration.ofSeconds(Long.parseLong(arguments[0]));
    SplittableRandom seeds = new SplittableRandom();
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : seeds.nextLong();
    List<Mechanism> mechanisms = Mechanisms.available();
    Search search = new Search(mechanisms);
    System.out.printf("%,d compared steps per seed, on %s%n", STEPS, mechanisms);
    long start = System.nanoTime();
    long steps = 0;
    do {
      long begin = System.nanoTime();
      try {
        search.run(seed, STEPS);
      } catch (Disagreement e) {
        System.out.println(e.getMessage());
        System.exit(1);
      }
      steps += STEPS;
      double seconds = (System.nanoTime() - begin) / 1e9;
      System.out.printf("seed %20d  %,8.0f steps/s  %,12d in all%n", seed, STEPS / seconds, steps);
      seed = seeds.nextLong();
    } while (System.nanoTime() - start < time.toNanos());
    System.out.println("Differences, each permitted by its row of the contract:");
    search.differences().forEach(each -> System.out.println("  " + each + ": " + each.row));
    System.out.println("Rules for all of them that were met:");
    search.rules().forEach(each -> System.out.println("  " + each + ": " + each.row));
  }
}
