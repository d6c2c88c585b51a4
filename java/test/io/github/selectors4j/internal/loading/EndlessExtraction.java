package io.github.selectors4j.internal.loading;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Extracts the library and removes it again until it is killed, wherever that may be, or until its
 * input ends, as it does with the test's process.
 */
public final class EndlessExtraction {
  /** The line that it prints each time. */
  static final String EXTRACTED = "extracted";

  private EndlessExtraction() {}

  public static void main(String[] args) throws IOException {
    Thread end = new Thread(EndlessExtraction::exitWithInput);
    end.setDaemon(true);
    end.start();
    while (true) {
      synchronized (ExtractionSlot.JVM_WIDE_MONITOR) {
        try (LibraryExtractor extractor = new LibraryExtractor()) {
          File file = extractor.extractJni("natives/" + Platform.directory() + "/", "selectors4j");
          for (int i = 0; i < 2; i++) { // as a JVM does: to look for what it needs, and to load it
            new FileInputStream(file).close();
          }
        }
      }
      System.out.println(EXTRACTED);
    }
  }

  private static void exitWithInput() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Runtime.getRuntime().halt(1);
    }
  }
}
