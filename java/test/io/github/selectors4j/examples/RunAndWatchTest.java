package io.github.selectors4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.ChildJvm;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RunAndWatchTest {
  @Test
  void printsBothStreamsOfEachCommandAndExitsWithTheHighestCode() throws Exception {
    try (ExampleProcess example =
        ExampleProcess.start(
            RunAndWatch.class,
            "echo out; echo err >&2; exit 3",
            "printf 'no line end'",
            "seq 20000",
            "no-such-command")) {
      List<String> lines = example.awaitEnd();
      assertEquals(127, example.process.waitFor());
      assertTrue(lines.containsAll(List.of("[1] out", "[1] ! err", "[1] exit code 3")));
      assertTrue(lines.containsAll(List.of("[2] no line end", "[2] exit code 0")));
      assertTrue(lines.contains("[4] exit code 127"));
      assertEquals(20_000, lines.stream().filter(line -> line.matches("\\[3] \\d+")).count());
      assertFalse(String.join("", lines).contains("\033"));
    }
  }

  @Test
  void showsEachCommandWhileAnotherTalksWithoutEnd() throws Exception {
    try (ExampleProcess example =
        ExampleProcess.start(RunAndWatch.class, "yes", "sleep 0.2; echo done")) {
      example.await("^\\[2] done$");
      example.await("^\\[2] exit code 0$");
    }
  }

  @Test
  void waitsForCommandThatClosesItsOutputs() throws Exception {
    try (ExampleProcess example =
        ExampleProcess.start(RunAndWatch.class, "exec >/dev/null 2>&1; sleep 0.3; exit 5")) {
      example.await("^\\[1] exit code 5$");
      assertEquals(5, example.process.waitFor());
    }
  }

  @Test
  void usesColourOnTerminal() throws Exception {
    try (Terminal terminal = new Terminal()) {
      Process example =
          new ProcessBuilder(ChildJvm.command(RunAndWatch.class, "true"))
              .redirectOutput(Redirect.to(terminal.device()))
              .redirectError(Redirect.INHERIT)
              .start();
      assertEquals(0, example.waitFor());
      terminal.awaitShown("\033[31m[1] exit code 0\033[m");
      example.getOutputStream().close();
    }
  }
}
