package io.github.selectors4j.internal.loading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
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

  /** The option that has {@code native/test/lookups.c} write what is looked up through JNI. */
  public static String tracing(Path trace) {
    return "-agentpath:" + System.getProperty("selectors4j.test.library") + "=" + trace;
  }

  /** The same, with these members of the JDK hidden from the library. */
  public static String hiding(Path trace, String... members) {
    return Stream.of(members)
        .map(
            member ->
                member.substring(0, member.lastIndexOf('.')).replace('.', '/')
                    + member.substring(member.lastIndexOf('.')))
        .collect(joining(",", tracing(trace) + ",", ""));
  }

  /** All lines that a command prints, to stderr too; it has to succeed. */
  public static List<String> run(List<String> command) throws Exception {
    return run(command, 0);
  }

  /** All lines that a command prints, to stderr too; it has to exit with this status. */
  public static List<String> run(List<String> command, int status) throws Exception {
    return outputOf(start(command), status);
  }

  public static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  public static List<String> outputOf(Process process) throws Exception {
    return outputOf(process, 0);
  }

  private static List<String> outputOf(Process process, int status) throws Exception {
    try (Stream<String> lines = process.inputReader(UTF_8).lines()) {
      List<String> output = lines.toList();
      assertEquals(status, process.waitFor(), () -> String.join("\n", output));
      process.getOutputStream().close();
      return output;
    }
  }
}
