package io.github.selectors4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("mechanism-independent")
@Timeout(60)
class SuperviseTest {
  private static final int CHILDREN = 20;

  /** Of three kinds, in turn: one ends, one is ended, and one has to be killed. */
  private static String command(int number) {
    return switch (number % 3) {
      case 0 -> "exit " + number;
      case 1 -> "sleep 30; true"; // in a child of its own
      default -> "trap '' TERM; while :; do sleep 5; done";
    };
  }

  @Test
  void endsWhoOverrunsTheLimit() throws Exception {
    List<String> arguments = new ArrayList<>(List.of("1"));
    IntStream.rangeClosed(1, CHILDREN).mapToObj(SuperviseTest::command).forEach(arguments::add);
    try (ExampleProcess example =
        ExampleProcess.start(Supervise.class, arguments.toArray(String[]::new))) {
      String output = String.join("\n", example.awaitEnd());
      assertEquals(143, example.process.waitFor(), output);
      for (int number = 1; number <= CHILDREN; number++) {
        switch (number % 3) {
          case 0 -> millis(number, "exit code " + number, output);
          case 1 -> {
            assertTrue(millis(number, "is overdue", output) >= 1000, output);
            millis(number, "exit code 143", output);
          }
          default -> {
            assertTrue(millis(number, "is killed", output) >= 2000, output);
            millis(number, "exit code 137", output);
          }
        }
      }
    }
  }

  private static long millis(int number, String what, String output) {
    Pattern line = Pattern.compile("(?m)^\\[%d] %s after (\\d+) ms$".formatted(number, what));
    Matcher matcher = line.matcher(output);
    assertTrue(matcher.find(), () -> "no line " + line + " in:\n" + output);
    return Long.parseLong(matcher.group(1));
  }
}
