package io.github.selectors4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("mechanism-independent")
@Timeout(60)
class SerialLineTest {
  private Terminal modem;
  private ExampleProcess example;

  @BeforeEach
  void connect() throws Exception {
    modem = new Terminal();
    modem.stty("sane", "9600"); // it echoes, edits lines, and is too slow
    example = ExampleProcess.start(SerialLine.class, modem.device().toString(), "19200");
    example.await("^Connected,");
  }

  @AfterEach
  void close() throws Exception {
    example.close();
    modem.close();
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
