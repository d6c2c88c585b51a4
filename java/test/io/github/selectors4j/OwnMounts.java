package io.github.selectors4j;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Runs a program among mounts of its own, which nobody else sees. */
public final class OwnMounts {
  private OwnMounts() {}

  /** The command that does that; without root, the test is left out. */
  public static List<String> command(List<String> program) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "--propagation=private"));
    command.add("true");
    assumeTrue(isDone(command), "needs root, for a mount namespace of its own");
    command.remove("true");
    command.addAll(program);
    return command;
  }

  private static boolean isDone(List<String> command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException noSuchProgram) {
      return false;
    }
  }
}
