package io.github.selectors4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.ChildJvm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Without systemd; with it, scripts/test-frameworks runs the example. */
@Tag("mechanism-independent")
@Timeout(60)
class ActivatedEchoTest {
  /** As a child of an activated service inherits them. */
  @Test
  void leavesTheSocketsOfAnotherProcessAlone() throws Exception {
    List<String> command = new ArrayList<>(List.of("env", "LISTEN_PID=1", "LISTEN_FDS=1"));
    command.addAll(ChildJvm.command(ActivatedEcho.class));
    try (ExampleProcess example = ExampleProcess.start(command.toArray(String[]::new))) {
      example.await("^systemd has to start it");
      assertEquals(1, example.process.waitFor());
    }
  }
}
