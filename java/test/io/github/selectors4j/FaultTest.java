package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every system call fails with each of its errors, once, wherever the library makes it: that is
 * told by one exception, or handled and not told at all; nothing leaks, and the selector still
 * works.
 */
@Tag(Interposed.ONLY)
@Timeout(60)
class FaultTest {

  static Stream<Arguments> faults() {
    return Stream.of(FaultScenario.values())
        .flatMap(
            scenario ->
                scenario.mechanisms().stream()
                    .filter(Mechanisms.underTest()::contains)
                    .flatMap(
                        mechanism ->
                            scenario.calls(mechanism).stream()
                                .flatMap(call -> faults(scenario, mechanism, call))));
  }

  private static Stream<Arguments> faults(
      FaultScenario scenario, Mechanism mechanism, String call) {
    return SystemCallErrors.OF.get(call).stream()
        .map(errno -> arguments(scenario, mechanism, call, errno));
  }

  @ParameterizedTest(name = "{0} {1} {2} {3}")
  @MethodSource("faults")
  void isToldOrHandled(FaultScenario scenario, Mechanism mechanism, String call, String errno)
      throws Exception {
    List<Integer> before = Interposed.owned();
    int after = 0;
    Fault fault;
    do {
      fault = new Fault(call, errno, after);
      scenario.run(mechanism, fault);
      boolean told = fault.wasMade() && scenario.tells(call, errno);
      if (!told || fault.told() != 0 || !scenario.mayTell()) {
        assertEquals(told ? 1 : 0, fault.told(), "exceptions about call " + after);
      }
      Interposed.assertOwnsJust(before);
      after++;
    } while (fault.wasMade());
    assertTrue(after > 1, "the call is never made");
  }

  @Test
  void isTriedForEveryCall() {
    Set<String> tried = new TreeSet<>();
    for (Mechanism mechanism : Mechanism.values()) {
      tried.addAll(FaultScenario.allCalls(mechanism));
    }
    assertEquals(tried, new TreeSet<>(SystemCallErrors.OF.keySet()));
    tried.addAll(SystemCallErrors.OF_CHANNELS.keySet()); // by ChannelFaultTest
    assertEquals(new TreeSet<>(Interposed.calls()), tried);
  }
}
