package io.github.selectors4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.Mechanisms;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One model, and every mechanism that works here: they agree, whatever a program does. {@code
 * -Dselectors4j.model.seed} takes the steps of an earlier run.
 */
@Tag("mechanism-independent")
class ModelTest {
  private static final int STEPS = 100_000;

  /** How often it goes on, as long as what happens rarely has not been met. */
  private static final int MOST_ATTEMPTS = 5;

  static Stream<Long> seed() {
    return Stream.of(Long.getLong("selectors4j.model.seed", new SplittableRandom().nextLong()));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seed")
  void everyMechanismAgreesWithTheModel(long seed) {
    List<Mechanism> mechanisms = Mechanisms.available();
    System.out.printf("model: seed %d, %d compared steps on %s%n", seed, STEPS, mechanisms);
    Search search = new Search(mechanisms);
    Set<Rule> rules = Rule.all();
    Set<Difference> differences = Difference.among(mechanisms);
    int attempt = 0;
    do {
      search.run(seed + attempt, STEPS);
      attempt++;
    } while (attempt < MOST_ATTEMPTS
        && !(search.rules().equals(rules) && search.differences().equals(differences)));
    assertEquals(rules, search.rules(), "rules met");
    assertEquals(differences, search.differences(), "differences met");
  }

  /** Beside the mechanisms whose calls keep open what they wait for, some steps are left out. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seed")
  void epollAloneAgreesWithTheModel(long seed) {
    if (!Mechanism.EPOLL.isAvailable()) {
      return;
    }
    System.out.printf("model: seed %d, %d compared steps on epoll alone%n", seed, STEPS / 2);
    new Search(List.of(Mechanism.EPOLL)).run(seed, STEPS / 2);
  }
}
