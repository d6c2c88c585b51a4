package io.github.selectors4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.selectors4j.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chat with a selector, and the one with threads, do the same. */
class StdinChatTest {

  @Target(ElementType.METHOD)
  @Retention(RetentionPolicy.RUNTIME)
  @ParameterizedTest
  @ValueSource(classes = {StdinChat.class, ThreadedChat.class})
  @interface BothStyles {}

  @TempDir Path folder;

  @BothStyles
  void chatsWithPipe(Class<?> chat) throws Exception {
    try (ExampleProcess host = ExampleProcess.start(chat, "0");
        Guest guest = new Guest(host.port())) {
      guest.await("guest 1 is here");
      host.send("hello");
      guest.await("host: hello");
      host.process.getOutputStream().write("no line end".getBytes(UTF_8));
      host.process.getOutputStream().close();
      guest.await("host: no line end");
      assertCarriesOn(host, guest);
    }
  }

  @BothStyles
  void chatsWithTerminal(Class<?> chat) throws Exception {
    try (Terminal terminal = new Terminal();
        ExampleProcess host = ExampleProcess.start(chat, Redirect.from(terminal.device()), "0");
        Guest guest = new Guest(host.port())) {
      guest.await("guest 1 is here");
      terminal.type("hello\n");
      guest.await("host: hello");
      assertCarriesOn(host, guest);
    }
  }

  @BothStyles
  void repeatsFileToGuests(Class<?> chat) throws Exception {
    Path file = Files.writeString(folder.resolve("greeting"), "Welcome!\nBe nice.\n");
    try (ExampleProcess host = ExampleProcess.start(chat, Redirect.from(file.toFile()), "0");
        Guest guest = new Guest(host.port())) {
      guest.awaitAll("host: Welcome!", "host: Be nice.", "guest 1 is here");
      assertCarriesOn(host, guest);
    }
  }

  @BothStyles
  void servesWithoutInput(Class<?> chat) throws Exception {
    try (ExampleProcess host =
            ExampleProcess.start(chat, Redirect.from(new File("/dev/null")), "0");
        Guest guest = new Guest(host.port())) {
      guest.await("guest 1 is here");
      assertCarriesOn(host, guest);
    }
  }

  /**
   * Its number is that of a file of the JDK's then, and a long one, beside which guests are heard.
   */
  @Test
  void servesWithStdinClosed() throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" <&-", "sh"));
    command.addAll(ChildJvm.command(StdinChat.class, "0"));
    try (ExampleProcess host = ExampleProcess.start(command.toArray(String[]::new));
        Guest guest = new Guest(host.port())) {
      guest.await("guest 1 is here");
      guest.send("hi");
      host.await("guest 1: hi");
    }
  }

  @BothStyles
  void partsWithGuestsThatLeave(Class<?> chat) throws Exception {
    try (ExampleProcess host = ExampleProcess.start(chat, "0");
        Guest first = new Guest(host.port())) {
      host.await("guest 1 is here");
      new Guest(first).close();
      first.await("guest 2 is here");
      first.await("guest 2 has left");
    }
  }

  private static void assertCarriesOn(ExampleProcess host, Guest first) throws IOException {
    try (Guest second = new Guest(first)) {
      first.await("guest 2 is here");
      second.send("hi from \u001b[31mguest 2\r");
      first.await("guest 2: hi from [31mguest 2");
      host.await("guest 2: hi");
      first.send("hi from guest 1");
      second.await("guest 1: hi from guest 1");
    }
  }
}
