package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Reads a terminal key by key, each within a time limit, as a menu or a game does: without a line
 * end, and with arrow keys told from a single Escape by what follows within 50 ms.
 */
public final class ReadKeys {
  private static final Duration SEQUENCE = Duration.ofMillis(50);
  private static final int END = -1;
  private static final int ESCAPE = 27;
  private static final Map<String, String> NAMES =
      Map.of("\033", "Escape", "\033[A", "up", "\033OA", "up", "\033[B", "down", "\033OB", "down");

  private final BaseSelector selector;
  private final InputStream terminal = new FileInputStream(FileDescriptor.in); // without a buffer

  private ReadKeys(BaseSelector selector) {
    this.selector = selector;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length > 1 || args.length > 0 && !args[0].matches("[0-9]{1,6}")) {
      System.err.println("usage: ReadKeys [SECONDS]");
      System.exit(2);
    }
    Duration limit = Duration.ofSeconds(args.length > 0 ? Long.parseLong(args[0]) : 10);
    String before = stty("-g");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> restore(before))); // also after Ctrl-C
    stty("-icanon", "-echo", "min", "1", "time", "0");
    try (BaseSelector selector = DefaultSelector.open()) {
      new ReadKeys(selector).run(limit);
    }
  }

  private void run(Duration limit) throws IOException {
    selector.register(terminal, EVENT_READ);
    System.out.println("Press keys, q ends");
    while (!selector.select(limit).isEmpty()) {
      String key = readKey();
      if (key.isEmpty() || key.equals("q")) {
        return;
      }
      System.out.println("key " + NAMES.getOrDefault(key, key.replace("\033", "Escape-")));
    }
    System.out.println("no key for " + limit.toSeconds() + " s");
  }

  /** A character, or the sequence of a key that has none; empty at the end. */
  private String readKey() throws IOException {
    ByteArrayOutputStream key = new ByteArrayOutputStream();
    int first = terminal.read();
    if (first == END) {
      return "";
    }
    key.write(first);
    if (first == ESCAPE) {
      int next = 0;
      while ((next < '@' || next == '[' || next == 'O') && !selector.select(SEQUENCE).isEmpty()) {
        next = terminal.read();
        if (next == END) {
          return "";
        }
        key.write(next);
      }
      return key.toString(US_ASCII);
    }
    int length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4; // of UTF-8
    while (key.size() < length) {
      key.write(terminal.read());
    }
    return key.toString(UTF_8);
  }

  private static void restore(String settings) {
    try {
      stty(settings);
    } catch (IOException | InterruptedException e) {
      System.err.println("The terminal could not be restored, try: stty sane. " + e);
    }
  }

  /** Asks or changes the terminal that is stdin. */
  private static String stty(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(Arrays.asList(arguments));
    Process stty =
        new ProcessBuilder(command)
            .redirectInput(Redirect.INHERIT)
            .redirectErrorStream(true)
            .start();
    String said = new String(stty.getInputStream().readAllBytes(), UTF_8).strip();
    if (stty.waitFor() != 0) {
      throw new IOException(said);
    }
    return said;
  }
}
