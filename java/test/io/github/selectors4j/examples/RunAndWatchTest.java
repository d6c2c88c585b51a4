package io.github.selectors4j.examples;

import static io.github.selectors4j.TestLibrary.check;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.ChildJvm;
import io.github.selectors4j.TestLibrary;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
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
    int[] pair = new int[2];
    check(TestLibrary.openpty(pair));
    File terminal = Files.readSymbolicLink(Path.of("/proc/self/fd/" + pair[1])).toFile();
    Process example =
        new ProcessBuilder(ChildJvm.command(RunAndWatch.class, "true"))
            .redirectOutput(Redirect.to(terminal))
            .redirectError(Redirect.INHERIT)
            .start();
    try {
      assertEquals(0, example.waitFor());
      String expected = "\033[31m[1] exit code 0\033[m";
      String shown = "";
      while (!shown.contains(expected)) { // a terminal may hand its output over piecemeal
        assertEquals(
            TestLibrary.POLLIN, TestLibrary.poll(pair[0], TestLibrary.POLLIN, 10_000), shown);
        shown += new String(TestLibrary.read(pair[0]), UTF_8);
      }
    } finally {
      example.getOutputStream().close();
      check(TestLibrary.close(pair[0]));
      check(TestLibrary.close(pair[1]));
    }
  }
}
