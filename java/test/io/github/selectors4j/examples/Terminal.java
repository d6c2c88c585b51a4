package io.github.selectors4j.examples;

import static io.github.selectors4j.TestLibrary.check;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.TestLibrary;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A terminal, or a serial line, from the side of whoever types: a pair of pseudo-terminals. */
final class Terminal implements AutoCloseable {
  private final int[] pair = new int[2];

  Terminal() {
    check(TestLibrary.openpty(pair));
  }

  /** What a program opens. */
  File device() throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/self/fd/" + pair[1])).toFile();
  }

  void type(String text) {
    TestLibrary.write(pair[0], text.getBytes(UTF_8));
  }

  /** Waits until the program has shown a text; a terminal may hand that over piecemeal. */
  void awaitShown(String text) {
    String shown = "";
    while (!shown.contains(text)) {
      assertEquals(
          TestLibrary.POLLIN, TestLibrary.poll(pair[0], TestLibrary.POLLIN, 30_000), shown);
      shown += new String(TestLibrary.read(pair[0]), UTF_8);
    }
  }

  /** Asks or changes the settings. */
  String stty(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(arguments));
    Process stty =
        new ProcessBuilder(command)
            .redirectInput(Redirect.from(device()))
            .redirectErrorStream(true)
            .start();
    String said = new String(stty.getInputStream().readAllBytes(), UTF_8).strip();
    assertEquals(0, stty.waitFor(), said);
    return said;
  }

  @Override
  public void close() {
    check(TestLibrary.close(pair[0]));
    check(TestLibrary.close(pair[1]));
  }
}
