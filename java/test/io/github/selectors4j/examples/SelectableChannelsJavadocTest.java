package io.github.selectors4j.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.channels.SelectableChannels;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the code in the Javadoc of SelectableChannels, in a JVM whose stdin is a pipe. */
@Tag("mechanism-independent")
@Timeout(60)
class SelectableChannelsJavadocTest {
  @Test
  void waitsForStdin() throws Exception {
    try (ExampleProcess program = ExampleProcess.start(Program.class)) {
      program.send("hello");
      assertEquals(List.of("hello"), program.awaitEnd());
      assertEquals(0, program.process.waitFor());
    }
  }

  static final class Program {
    public static void main(String[] args) throws IOException {
      byte[] bytes = new byte[100];
      try (Selector selector = Selector.open();
          SelectableChannel stdin = SelectableChannels.of(System.in)) {
        stdin.register(selector, SelectionKey.OP_READ);
        selector.select(); // beside sockets, if you like
        System.in.read(bytes);
      }
      System.out.print(new String(bytes, US_ASCII).replace("\0", ""));
    }
  }
}
