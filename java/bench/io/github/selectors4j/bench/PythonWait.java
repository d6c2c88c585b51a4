package io.github.selectors4j.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;

/** Python's {@code selectors}, in a process of its own that takes turns when told to. */
final class PythonWait implements Contender {

  private final Process process;
  private final PrintWriter input;
  private final BufferedReader output;

  /** Watches pipes of its own, as many of each. */
  PythonWait(String selector, int registered, int ready) throws IOException {
    String program = System.getProperty("bench.scripts") + "/python_wait.py";
    process =
        new ProcessBuilder("python3", program, selector, "" + registered, "" + ready)
            .redirectErrorStream(true)
            .start();
    input = new PrintWriter(process.outputWriter(), true);
    output = process.inputReader();
  }

  @Override
  public long take(int turns) throws IOException {
    input.println(turns);
    String answer = output.readLine();
    if (answer == null || answer.startsWith("Traceback")) {
      throw new IOException("python3 has ended: " + output.lines().reduce((a, b) -> b).orElse(""));
    }
    return Long.parseLong(answer);
  }

  @Override
  public void close() {
    input.close();
    process.onExit().join();
  }
}
