package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.internal.report.Report;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Which mechanisms there are, which work here, and which is taken. */
class MechanismTest {
  private static final String FORCED = "selectors4j.mechanism";

  /** Names the folder of libraries that lack mechanisms; scripts/test builds them. */
  private static final String LACKING = "selectors4j.test.lacking";

  @Test
  void bestComesFirstAsInPython() {
    assertEquals("[KQUEUE, EPOLL, DEVPOLL, POLL, SELECT]", Arrays.toString(Mechanism.values()));
  }

  @EveryMechanism
  void opensItsSelector(Mechanism mechanism) throws Exception {
    String type =
        mechanism.name().charAt(0) + mechanism.name().substring(1).toLowerCase(Locale.ROOT);
    try (BaseSelector selector = mechanism.open()) {
      assertSame(mechanism, selector.mechanism());
      assertEquals(type + "Selector", selector.getClass().getSimpleName());
      assertTrue(selector.isOpen());
      assertEquals(
          List.of(Mechanism.KQUEUE, Mechanism.EPOLL, Mechanism.DEVPOLL).contains(mechanism),
          selector instanceof HasFileno);
    }
  }

  /** A platform without one of them has to say which, and what it is itself. */
  @Test
  void anAbsentOneSaysWhatLacksIt() {
    for (Mechanism mechanism : Mechanism.values()) {
      if (!mechanism.isAvailable()) {
        String message =
            Refused.assertRefused(UnsupportedOperationException.class, mechanism::open)
                .getMessage();
        assertTrue(message.contains(mechanism.name().toLowerCase(Locale.ROOT)), message);
        assertTrue(message.contains(System.getProperty("os.name")), message);
      }
    }
  }

  @Test
  void theBestThatWorksIsTheDefault() throws Exception {
    List<String> report = report(null);
    String best = Mechanisms.available().get(0).name();
    assertEquals(List.of("best " + best, "default " + best), report);
  }

  /**
   * Libraries of which each lacks what is better than the mechanism that its folder is named after.
   */
  @Test
  @EnabledIfSystemProperty(named = LACKING, matches = ".+")
  void theBestIsTheNextWhenTheBetterOnesAreAbsent() throws Exception {
    for (Mechanism best : Mechanism.values()) {
      Path library = Path.of(System.getProperty(LACKING), best.name());
      Map<String, String> properties = ChildJvm.properties();
      properties.put("selectors4j.library.path", library.toString());
      assertEquals(List.of("best " + best, "default " + best), report(properties, null));
    }
  }

  @Test
  void thePropertyForcesOneThatWorksAndRefusesOneThatDoesNot() throws Exception {
    for (Mechanism mechanism : Mechanism.values()) {
      for (String name : List.of(mechanism.name(), mechanism.name().toLowerCase(Locale.ROOT))) {
        List<String> report = report(name);
        if (mechanism.isAvailable()) {
          assertEquals(List.of("best " + mechanism, "default " + mechanism), report);
        } else {
          assertBothRefused(report, UnsupportedOperationException.class, name);
        }
      }
    }
  }

  @Test
  void thePropertyRefusesWhatIsNoMechanism() throws Exception {
    assertBothRefused(report("iocp"), IllegalArgumentException.class, "iocp");
    assertBothRefused(report("epoll2"), IllegalArgumentException.class, "epoll2");
    assertBothRefused(report(""), IllegalArgumentException.class, FORCED);
  }

  private static void assertBothRefused(
      List<String> report, Class<? extends Exception> type, String name) {
    assertEquals(2, report.size(), report::toString);
    for (String line : report) {
      assertTrue(line.contains(type.getName()), line);
      assertTrue(line.contains(name), line);
      assertTrue(line.contains(FORCED), line);
    }
  }

  /** What a JVM of its own says with the property set so. */
  private static List<String> report(@Nullable String forced) throws Exception {
    return report(ChildJvm.properties(), forced);
  }

  private static List<String> report(Map<String, String> properties, @Nullable String forced)
      throws Exception {
    properties.remove(FORCED);
    if (forced != null) {
      properties.put(FORCED, forced);
    }
    List<String> command =
        ChildJvm.command(properties, ChildJvm.CLASS_PATH, Report.class.getName());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      List<String> lines = process.inputReader().lines().toList();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the JVM does not end");
      assertEquals(0, process.exitValue(), lines::toString);
      return lines;
    } finally {
      process.destroyForcibly();
    }
  }

  /** The main class of that JVM. */
  static final class Report {
    private Report() {}

    public static void main(String[] arguments) throws Exception {
      print("best", () -> Mechanism.best().toString());
      print(
          "default",
          () -> {
            try (BaseSelector selector = DefaultSelector.open()) {
              return selector.mechanism().toString();
            }
          });
    }

    private static void print(String what, Callable<String> answer) throws Exception {
      try {
        System.out.println(what + " " + answer.call());
      } catch (RuntimeException refused) {
        System.out.println(what + " " + refused);
      }
    }
  }
}
