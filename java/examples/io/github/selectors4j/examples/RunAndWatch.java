package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Runs shell commands side by side and prints what each says as it says it, after its number and in
 * its colour, then its exit code: two pipes a command, and one thread for all.
 */
public final class RunAndWatch {
  private final BaseSelector selector;
  private final boolean colour;
  private final byte[] bytes = new byte[8192];

  /** Streams that may hold bytes, some of them in their own buffer, where no selector sees them. */
  private final Set<Output> readable = new LinkedHashSet<>();

  private RunAndWatch(BaseSelector selector, boolean colour) {
    this.selector = selector;
    this.colour = colour;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length == 0 || args[0].startsWith("-")) {
      System.err.println("usage: RunAndWatch COMMAND...    each for the shell, in quotes");
      System.exit(2);
    }
    int highest;
    try (BaseSelector selector = DefaultSelector.open()) {
      highest = new RunAndWatch(selector, stdoutIsTerminal()).run(args);
    }
    System.exit(highest);
  }

  /** Asks test(1): {@code System.console()} speaks of stdin and stdout together. */
  private static boolean stdoutIsTerminal() throws IOException, InterruptedException {
    return new ProcessBuilder("test", "-t", "1").inheritIO().start().waitFor() == 0;
  }

  /** Returns the highest exit code. */
  private int run(String[] commandLines) throws IOException {
    List<Command> running = new ArrayList<>();
    for (String commandLine : commandLines) {
      running.add(new Command(running.size() + 1, commandLine));
    }
    int highest = 0;
    while (!running.isEmpty()) {
      selector.select(
          readable.isEmpty() ? null : Duration.ZERO,
          (key, events) -> readable.add((Output) key.data()));
      for (Output output : List.copyOf(readable)) {
        output.read();
      }
      for (Command command : List.copyOf(running)) {
        if (command.hasEnded()) {
          command.print("", "exit code " + command.process.exitValue());
          highest = Math.max(highest, command.process.exitValue());
          running.remove(command);
        }
      }
    }
    return highest;
  }

  private final class Command {
    final Process process;
    private final int number;
    private int openOutputs = 2;

    Command(int number, String commandLine) throws IOException {
      this.number = number;
      process =
          new ProcessBuilder("sh", "-c", commandLine).redirectInput(new File("/dev/null")).start();
      print("", commandLine);
      watch(process.getInputStream(), "");
      watch(process.getErrorStream(), "! ");
      process.onExit().thenRun(selector::wakeup);
    }

    private void watch(InputStream stream, String mark) throws IOException {
      selector.register(stream, EVENT_READ, new Output(this, stream, mark));
    }

    boolean hasEnded() {
      return openOutputs == 0 && !process.isAlive();
    }

    void print(String mark, String line) {
      String text = "[" + number + "] " + mark + line;
      System.out.println(colour ? "\033[" + (31 + (number - 1) % 6) + "m" + text + "\033[m" : text);
    }
  }

  private final class Output {
    private final Command command;
    private final InputStream stream;
    private final LineBuffer lines;

    Output(Command command, InputStream stream, String mark) {
      this.command = command;
      this.stream = stream;
      lines = new LineBuffer(line -> command.print(mark, line));
    }

    /** Reads once, so that nobody is kept waiting by a command that talks without end. */
    void read() throws IOException {
      int count = stream.read(bytes);
      if (count < 0) {
        lines.end();
        selector.unregister(stream);
        stream.close();
        command.openOutputs--;
      } else {
        lines.add(bytes, count);
      }
      if (count < 0 || stream.available() == 0) {
        readable.remove(this);
      }
    }
  }
}
