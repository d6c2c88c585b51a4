package io.github.selectors4j.select;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.HasFileno;
import io.github.selectors4j.TestDescriptor;
import java.io.File;
import java.io.IOException;

/**
 * A child process that says {@code testing...} now and then, on a pipe of the test's own: the JDK
 * closes that of {@code Process.getInputStream()} when the child exits, and "primitives never
 * duplicate a descriptor".
 */
final class EchoingChild implements HasFileno, AutoCloseable {
  private static final String LINE = "testing...\n";

  private final TestDescriptor rd;
  private final Process process;

  EchoingChild(int lines) throws IOException {
    TestDescriptor.Pair pipe = TestDescriptor.pipe();
    rd = pipe.rd();
    try (TestDescriptor wr = pipe.wr()) {
      String loop = "for i in $(seq " + lines + "); do echo testing...; sleep 0.02; done";
      process =
          new ProcessBuilder("sh", "-c", loop)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectOutput(new File("/dev/fd/" + wr.fileno()))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException | RuntimeException e) {
      rd.close();
      throw e;
    }
  }

  @Override
  public int fileno() {
    return rd.fileno();
  }

  String read() {
    return rd.read();
  }

  /** Reads what there is, checks it, and returns how many lines it was; 0 at the end. */
  int readLines() {
    String text = read();
    int lines = text.length() / LINE.length();
    assertEquals(LINE.repeat(lines), text);
    return lines;
  }

  @Override
  public void close() {
    rd.close();
    process.destroyForcibly().onExit().join();
  }
}
