package io.github.selectors4j;

import static io.github.selectors4j.TestLibrary.check;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * System.in, out and err as the JVM was started with them: each kind of file in a JVM of its own,
 * which does the watching ({@link StandardStreamsChild}) on every mechanism.
 */
class StandardStreamsTest {
  private static final int PATIENCE_SECONDS = 60;

  @TempDir Path directory;

  private final List<Integer> descriptors = new ArrayList<>();

  @AfterEach
  void closeAll() {
    descriptors.forEach(TestLibrary::close);
  }

  @ParameterizedTest
  @EnumSource
  void asTheyAre(Kind kind) throws Exception {
    assertWatchedByChild(kind, false);
  }

  /** Replaced before the library is even loaded, the first streams are still found. */
  @ParameterizedTest
  @EnumSource
  void afterTheyWereReplaced(Kind kind) throws Exception {
    assertWatchedByChild(kind, true);
  }

  private void assertWatchedByChild(Kind kind, boolean replaced) throws Exception {
    Path report = directory.resolve("report");
    List<String> command =
        ChildJvm.command(
            StandardStreamsChild.class, report.toString(), kind.name(), String.valueOf(replaced));
    int[] terminal = new int[2];
    if (kind == Kind.TERMINAL) {
      check(TestLibrary.openpty(terminal));
      descriptors.addAll(List.of(terminal[0], terminal[1]));
      command = onTerminal(terminal[1], command);
    }
    Process child = start(kind, command);
    try {
      switch (kind) {
        case PIPE -> converse(child);
        case TERMINAL -> converse(child, terminal[0]);
        default -> {}
      }
      assertTrue(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the child does not end");
      assertEquals("", Files.readString(report));
      assertEquals(0, child.exitValue());
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  private Process start(Kind kind, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    switch (kind) {
      case FILE ->
          builder
              .redirectInput(Files.writeString(directory.resolve("in"), "input").toFile())
              .redirectOutput(directory.resolve("out").toFile())
              .redirectError(directory.resolve("err").toFile());
      case NULL_DEVICE ->
          builder
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD);
      default -> {}
    }
    return builder.start();
  }

  /** A shell opens the terminal: opened by this JVM, it could become its controlling terminal. */
  private static List<String> onTerminal(int fd, List<String> command) throws IOException {
    Path terminal = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd));
    List<String> shell = new ArrayList<>();
    shell.addAll(List.of("sh", "-c", "exec \"$@\" <\"$0\" >\"$0\" 2>&1", terminal.toString()));
    shell.addAll(command);
    return shell;
  }

  private static void converse(Process child) throws IOException {
    int prompt;
    while ((prompt = child.getInputStream().read()) != -1) {
      assertEquals(StandardStreamsChild.PROMPT, prompt);
      child.getOutputStream().write(StandardStreamsChild.ANSWER);
      child.getOutputStream().flush();
    }
  }

  private static void converse(Process child, int master) {
    long started = System.nanoTime();
    while (child.isAlive() && System.nanoTime() - started < PATIENCE_SECONDS * 1_000_000_000L) {
      if (check(TestLibrary.poll(master, TestLibrary.POLLIN, 20)) != 0) {
        for (byte prompt : TestLibrary.read(master)) {
          assertEquals(StandardStreamsChild.PROMPT, prompt);
          TestLibrary.write(master, StandardStreamsChild.ANSWER);
        }
      }
    }
  }

  /** What the three streams are. */
  enum Kind {
    PIPE(false),
    TERMINAL(false),
    FILE(true),
    NULL_DEVICE(true);

    /** Ready at once and for good, but refused by epoll. */
    final boolean alwaysReady;

    Kind(boolean alwaysReady) {
      this.alwaysReady = alwaysReady;
    }
  }
}
