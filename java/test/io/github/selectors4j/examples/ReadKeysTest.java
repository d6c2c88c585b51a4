package io.github.selectors4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ProcessBuilder.Redirect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("mechanism-independent")
@Timeout(60)
class ReadKeysTest {
  private Terminal terminal;
  private String settings;

  @BeforeEach
  void open() throws Exception {
    terminal = new Terminal();
    terminal.stty("sane");
    settings = terminal.stty("-g");
  }

  @AfterEach
  void close() {
    terminal.close();
  }

  private ExampleProcess start(String seconds) throws Exception {
    ExampleProcess example =
        ExampleProcess.start(ReadKeys.class, Redirect.from(terminal.device()), seconds);
    example.await("^Press keys");
    return example;
  }

  private void assertEnds(ExampleProcess example, int status) throws Exception {
    assertEquals(status, example.process.waitFor());
    assertEquals(settings, terminal.stty("-g"), "the terminal is not as it was");
  }

  @Test
  void readsEachKeyAsItIsPressed() throws Exception {
    try (ExampleProcess example = start("60")) {
      terminal.type("a");
      example.await("^key a$");
      terminal.type("é€😀\033[A\033OB\033[3~\033x");
      for (String key : new String[] {"é", "€", "😀", "up", "down", "Escape-\\[3~", "Escape-x"}) {
        example.await("^key " + key + "$");
      }
      terminal.type("\033");
      example.await("^key Escape$"); // though no other follows
      terminal.type("q");
      assertEnds(example, 0);
    }
  }

  @Test
  void endsWhenNoKeyIsPressed() throws Exception {
    long start = System.nanoTime();
    try (ExampleProcess example = start("1")) {
      example.await("^no key for 1 s$");
      assertTrue(System.nanoTime() - start >= 1_000_000_000);
      assertEnds(example, 0);
    }
  }

  @Test
  void restoresTheTerminalWhenItIsEnded() throws Exception {
    try (ExampleProcess example = start("60")) {
      assertTrue(terminal.stty("-a").contains("-icanon"));
      example.process.toHandle().destroy();
      assertEnds(example, 143);
    }
  }
}
