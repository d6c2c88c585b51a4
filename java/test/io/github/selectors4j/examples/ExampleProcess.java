package io.github.selectors4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.selectors4j.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program in a process of its own, most often a JVM; killed when closed, or after a minute. */
final class ExampleProcess implements AutoCloseable {
  private static final int LIMIT_SECONDS = 60;

  final Process process;
  private final BufferedReader output;
  private final List<String> lines = new ArrayList<>();

  private ExampleProcess(ProcessBuilder builder) throws IOException {
    process = builder.redirectErrorStream(true).start();
    output = process.inputReader(UTF_8);
    CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
  }

  /** Starts an example whose stdin is a pipe. */
  static ExampleProcess start(Class<?> example, String... args) throws IOException {
    return start(example, Redirect.PIPE, args);
  }

  static ExampleProcess start(Class<?> example, Redirect stdin, String... args) throws IOException {
    return new ExampleProcess(
        new ProcessBuilder(ChildJvm.command(example, args)).redirectInput(stdin));
  }

  /** Starts any program. */
  static ExampleProcess start(String... command) throws IOException {
    return new ExampleProcess(new ProcessBuilder(command));
  }

  /** Types a line. */
  void send(String line) throws IOException {
    process.getOutputStream().write((line + '\n').getBytes(UTF_8));
    process.getOutputStream().flush();
  }

  /** Reads lines until one has the pattern; fails, with all that was read, at the end of output. */
  Matcher await(String pattern) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      lines.add(line);
      Matcher matcher = Pattern.compile(pattern).matcher(line);
      if (matcher.find()) {
        return matcher;
      }
    }
    return fail("no line has \"" + pattern + "\" in:\n" + String.join("\n", lines));
  }

  /** The port that a server says it listens on. */
  String port() throws IOException {
    return await("on port (\\d+)").group(1);
  }

  /** All lines until the end of output. */
  List<String> awaitEnd() throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      lines.add(line);
    }
    return lines;
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    process.onExit().join();
    output.close();
    process.getOutputStream().close();
  }
}
