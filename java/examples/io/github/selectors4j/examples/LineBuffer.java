package io.github.selectors4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/** Makes lines of the pieces that reads return. What exceeds 8 KiB is a line of its own. */
final class LineBuffer {
  private static final int LONGEST = 8192;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final Consumer<String> consumer;

  LineBuffer(Consumer<String> consumer) {
    this.consumer = consumer;
  }

  void add(byte[] bytes, int count) {
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n') {
        handOut();
      } else {
        if (line.size() == LONGEST) {
          handOut();
        }
        line.write(bytes[i]);
      }
    }
  }

  /** Hands out what no line end followed. */
  void end() {
    if (line.size() > 0) {
      handOut();
    }
  }

  private void handOut() {
    consumer.accept(line.toString(UTF_8));
    line.reset();
  }
}
