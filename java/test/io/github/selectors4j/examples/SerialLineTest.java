package io.github.selectors4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.selectors4j.ChildJvm;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("mechanism-independent")
@Timeout(60)
class SerialLineTest {
  /** Where jSerialComm unpacks its library; by itself it takes one folder for all processes. */
  @TempDir Path folder;

  private Terminal modem;
  private ExampleProcess example;

  @BeforeEach
  void connect() throws Exception {
    assumeFalse(
        System.getProperty("os.arch").equals("s390x"),
        "jSerialComm has no library for this processor");
    modem = new Terminal();
    modem.stty("sane", "9600"); // it echoes, edits lines, and is too slow
    Map<String, String> properties = ChildJvm.properties();
    properties.put("java.io.tmpdir", folder.toString());
    List<String> command =
        ChildJvm.command(
            properties,
            ChildJvm.CLASS_PATH,
            SerialLine.class.getName(),
            modem.device().toString(),
            "19200");
    example = ExampleProcess.start(command.toArray(String[]::new));
    example.await("^Connected,");
  }

  @AfterEach
  void close() throws Exception {
    if (example != null) {
      example.close();
      modem.close();
    }
  }

  @Test
  void setsTheLineUp() throws Exception {
    String settings = modem.stty("-a");
    for (String setting : new String[] {"speed 19200 baud", "min = 1", "-icanon", "-echo", "cs8"}) {
      assertTrue(settings.contains(setting), settings);
    }
  }

  @Test
  void sendsAndReceives() throws Exception {
    modem.type("RING\n");
    example.await("^RING$");
    example.send("ATA");
    modem.awaitShown("ATA\n");
    modem.type("CONN");
    modem.type("ECT\nno line end");
    example.await("^CONNECT$");
    example.process.getOutputStream().close();
    example.awaitEnd();
    assertEquals(0, example.process.waitFor());
  }
}
