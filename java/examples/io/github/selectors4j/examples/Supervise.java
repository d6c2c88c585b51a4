package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.SelectorKey;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs shell commands side by side, each within a time limit. What takes longer is asked to end,
 * and killed if it has not a second later. One thread does it, without a thread for each child and
 * without asking again and again who is still there. For Linux.
 */
public final class Supervise {
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final BaseSelector selector;
  private final List<Child> running = new ArrayList<>();
  private int highest;

  private Supervise(BaseSelector selector) {
    this.selector = selector;
  }

  public static void main(String[] args) throws IOException {
    if (args.length < 2 || !args[0].matches("[0-9]{1,6}")) {
      System.err.println("usage: Supervise SECONDS COMMAND...    each for the shell, in quotes");
      System.exit(2);
    }
    int highest;
    try (BaseSelector selector = DefaultSelector.open()) {
      Supervise supervise = new Supervise(selector);
      for (int number = 1; number < args.length; number++) {
        supervise.start(number, args[number], Duration.ofSeconds(Long.parseLong(args[0])));
      }
      highest = supervise.run();
    }
    System.exit(highest);
  }

  private void start(int number, String command, Duration limit) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", command).inheritIO();
    Process process = builder.redirectInput(new File("/dev/null")).start();
    Child child = new Child(number, process, limit);
    running.add(child);
    selector.register(process, EVENT_READ, child); // ready once it has ended
  }

  /** Returns the highest exit code. */
  private int run() throws IOException {
    while (!running.isEmpty()) {
      long now = System.nanoTime();
      long wait = running.stream().mapToLong(child -> child.deadline - now).min().getAsLong();
      selector.selectNanos(wait, this::ended);
      running.forEach(Child::endIfOverdue);
    }
    return highest;
  }

  private void ended(SelectorKey key, int events) throws IOException {
    Child child = (Child) key.data();
    selector.unregister(child.process);
    running.remove(child);
    highest = Math.max(highest, child.exitCode());
    child.print("exit code " + child.exitCode());
  }

  private static final class Child {
    private final int number;
    private final Process process;
    private final long start = System.nanoTime();
    private long deadline;
    private boolean asked;

    Child(int number, Process process, Duration limit) {
      this.number = number;
      this.process = process;
      deadline = start + limit.toNanos();
    }

    void endIfOverdue() {
      if (System.nanoTime() - deadline < 0) {
        return;
      }
      print(asked ? "is killed" : "is overdue");
      // The shell first, or it goes on with the command that comes next.
      Stream.concat(Stream.of(process.toHandle()), process.descendants())
          .forEach(asked ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
      deadline = System.nanoTime() + GRACE.toNanos();
      asked = true;
    }

    /** Waits for the JDK, which hears of the end a moment later. */
    int exitCode() throws IOException {
      try {
        return process.waitFor();
      } catch (InterruptedException e) {
        throw (IOException) new InterruptedIOException().initCause(e);
      }
    }

    void print(String what) {
      System.out.printf("[%d] %s after %d ms%n", number, what, millis());
    }

    private long millis() {
      return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }
  }
}
