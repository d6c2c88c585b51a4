package io.github.selectors4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.ChildJvm;
import io.github.selectors4j.Mechanism;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the tests of the examples with real servers share. */
final class Recipes {
  private Recipes() {}

  /**
   * Starts an example whose selector is on a mechanism.
   *
   * @param starter the program that starts it, with its arguments; may be none
   */
  static ExampleProcess start(
      Mechanism mechanism, List<String> starter, Class<?> example, String... arguments)
      throws IOException {
    Map<String, String> properties = ChildJvm.properties();
    properties.put("selectors4j.mechanism", mechanism.name().toLowerCase(Locale.ROOT));
    List<String> command = new ArrayList<>(starter);
    command.addAll(ChildJvm.command(properties, ChildJvm.CLASS_PATH, example.getName(), arguments));
    return ExampleProcess.start(command.toArray(String[]::new));
  }

  /** Runs a program to its end. */
  static void run(String... command) throws IOException {
    try (ExampleProcess program = ExampleProcess.start(command)) {
      String said = String.join("\n", program.awaitEnd());
      assertEquals(0, program.process.onExit().join().exitValue(), said);
    }
  }
}
