package io.github.selectors4j.internal.loading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.ChildJvm;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Child JVMs that load the library, with those properties only that a test gives. */
public final class LoaderJvm {
  private LoaderJvm() {}

  /** The lines that {@link LoadAttempt} prints. */
  public static List<String> attempt(Map<String, String> properties) throws Exception {
    return run(command(properties, LoadAttempt.class));
  }

  public static List<String> command(
      Map<String, String> properties, Class<?> main, String... arguments) {
    return ChildJvm.command(properties, ChildJvm.CLASS_PATH, main.getName(), arguments);
  }

  /** All lines that a command prints, to stderr too; it has to succeed. */
  public static List<String> run(List<String> command) throws Exception {
    return outputOf(start(command));
  }

  public static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  public static List<String> outputOf(Process process) throws Exception {
    try (Stream<String> lines = process.inputReader(UTF_8).lines()) {
      List<String> output = lines.toList();
      assertEquals(0, process.waitFor(), () -> String.join("\n", output));
      process.getOutputStream().close();
      return output;
    }
  }
}
