package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the first selector of a JVM has it load: what a short program waits for. */
class FirstUseTest {

  /** Opens a selector and closes it. */
  static final class Program {
    public static void main(String[] arguments) throws Exception {
      DefaultSelector.open().close();
    }
  }

  @Test
  void noLambdaIsMade() throws Exception {
    List<String> command = new ArrayList<>(ChildJvm.command(Program.class));
    command.add(1, "-Xlog:class+load:stdout:none");
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String loaded = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor());
    // The first one takes 5 ms, for all that it is made by.
    assertEquals(
        List.of(), loaded.lines().filter(line -> line.contains("LambdaMetafactory ")).toList());
    assertEquals(1, loaded.lines().filter(l -> l.contains("DefaultSelector ")).count(), loaded);
  }
}
