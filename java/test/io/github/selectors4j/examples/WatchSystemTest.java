package io.github.selectors4j.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.selectors4j.BusyProcessors;
import io.github.selectors4j.ChildJvm;
import io.github.selectors4j.OwnMounts;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("mechanism-independent")
@Timeout(60)
class WatchSystemTest {
  @TempDir Path folder;

  @BeforeEach
  void pressureIsCounted() {
    try (RandomAccessFile trigger = new RandomAccessFile("/proc/pressure/cpu", "rw")) {
      trigger.write("some 150000 2000000\0".getBytes(US_ASCII));
    } catch (IOException e) {
      assumeTrue(false, "this kernel has no pressure stall information for this user: " + e);
    }
  }

  @Test
  void reportsMounts() throws Exception {
    List<String> command = OwnMounts.command(ChildJvm.command(WatchSystem.class));
    String folder = this.folder.toRealPath().toString();
    try (ExampleProcess example = ExampleProcess.start(command.toArray(String[]::new))) {
      example.await("^Watching mounts and memory,");
      for (int i = 0; i < 3; i++) {
        change(example, "mount", "-t", "tmpfs", "none", folder);
        example.await("^mounted " + folder + "$");
        change(example, "umount", folder);
        example.await("^unmounted " + folder + "$");
      }
    }
  }

  /** In the example's mounts. */
  private static void change(ExampleProcess example, String... command) throws Exception {
    String pid = Long.toString(example.process.pid());
    List<String> there = new ArrayList<>(List.of("nsenter", "--mount", "--target", pid));
    there.addAll(List.of(command));
    assertEquals(0, new ProcessBuilder(there).inheritIO().start().waitFor());
  }

  @Test
  void reportsPressure() throws Exception {
    try (ExampleProcess example = ExampleProcess.start(WatchSystem.class, "cpu")) {
      example.await("^Watching mounts and cpu,");
      BusyProcessors busy = BusyProcessors.start();
      try {
        example.await("^cpu is short$");
      } finally {
        busy.close();
      }
    }
  }
}
