package io.github.selectors4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.github.selectors4j.ChildJvm;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StdinChatTest {
  @TempDir Path folder;

  @Test
  void chatsWithPipe() throws Exception {
    try (ExampleProcess chat = ExampleProcess.start(StdinChat.class, "0");
        Guest guest = new Guest(chat.port())) {
      guest.await("guest 1 is here");
      chat.send("hello");
      guest.await("host: hello");
      chat.process.getOutputStream().write("no line end".getBytes(UTF_8));
      chat.process.getOutputStream().close();
      guest.await("host: no line end");
      assertCarriesOn(chat, guest);
    }
  }

  @Test
  void chatsWithTerminal() throws Exception {
    try (Terminal terminal = new Terminal();
        ExampleProcess chat =
            ExampleProcess.start(StdinChat.class, Redirect.from(terminal.device()), "0");
        Guest guest = new Guest(chat.port())) {
      guest.await("guest 1 is here");
      terminal.type("hello\n");
      guest.await("host: hello");
      assertCarriesOn(chat, guest);
    }
  }

  @Test
  void repeatsFileToGuests() throws Exception {
    Path file = Files.writeString(folder.resolve("greeting"), "Welcome!\nBe nice.\n");
    try (ExampleProcess chat =
            ExampleProcess.start(StdinChat.class, Redirect.from(file.toFile()), "0");
        Guest guest = new Guest(chat.port())) {
      guest.awaitAll("host: Welcome!", "host: Be nice.", "guest 1 is here");
      assertCarriesOn(chat, guest);
    }
  }

  @Test
  void servesWithoutInput() throws Exception {
    try (ExampleProcess chat =
            ExampleProcess.start(StdinChat.class, Redirect.from(new File("/dev/null")), "0");
        Guest guest = new Guest(chat.port())) {
      guest.await("guest 1 is here");
      assertCarriesOn(chat, guest);
    }
  }

  /**
   * Its number is that of a file of the JDK's then, and a long one, beside which guests are heard.
   */
  @Test
  void servesWithStdinClosed() throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" <&-", "sh"));
    command.addAll(ChildJvm.command(StdinChat.class, "0"));
    try (ExampleProcess chat = ExampleProcess.start(command.toArray(String[]::new));
        Guest guest = new Guest(chat.port())) {
      guest.await("guest 1 is here");
      guest.send("hi");
      chat.await("guest 1: hi");
    }
  }

  @Test
  void partsWithGuestsThatLeave() throws Exception {
    try (ExampleProcess chat = ExampleProcess.start(StdinChat.class, "0");
        Guest first = new Guest(chat.port())) {
      chat.await("guest 1 is here");
      new Guest(first).close();
      first.await("guest 2 is here");
      first.await("guest 2 has left");
    }
  }

  private static void assertCarriesOn(ExampleProcess chat, Guest first) throws IOException {
    try (Guest second = new Guest(first)) {
      first.await("guest 2 is here");
      second.send("hi from \u001b[31mguest 2\r");
      first.await("guest 2: hi from [31mguest 2");
      chat.await("guest 2: hi");
      first.send("hi from guest 1");
      second.await("guest 1: hi from guest 1");
    }
  }

  private static final class Guest implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader received;

    Guest(String port) throws IOException {
      this(Integer.parseInt(port));
    }

    /** Joins the chat of another. */
    Guest(Guest other) throws IOException {
      this(other.socket.getPort());
    }

    private Guest(int port) throws IOException {
      socket = new Socket("localhost", port);
      socket.setSoTimeout(60_000);
      received = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    void send(String line) throws IOException {
      socket.getOutputStream().write((line + '\n').getBytes(UTF_8));
    }

    void await(String line) throws IOException {
      awaitAll(line);
    }

    /** Reads until these lines have come, in any order. */
    void awaitAll(String... lines) throws IOException {
      Set<String> missing = new HashSet<>(List.of(lines));
      while (!missing.isEmpty()) {
        String line = received.readLine();
        assertNotNull(line, () -> "the chat has ended without " + missing);
        missing.remove(line);
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
