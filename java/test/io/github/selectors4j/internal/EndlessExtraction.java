package io.github.selectors4j.internal;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Extracts the library and removes it again until it is killed, wherever that may be, or until its
 * input ends, as it does with the test's process.
 */
public final class EndlessExtraction {
  private EndlessExtraction() {}

  public static void main(String[] args) throws IOException {
    Thread end = new Thread(EndlessExtraction::exitWithInput);
    end.setDaemon(true);
    end.start();
    for (boolean first = true; ; first = false) {
      synchronized (ExtractionSlot.JVM_WIDE_MONITOR) {
        try (LibraryExtractor extractor = new LibraryExtractor()) {
          File file = extractor.extractJni("natives/" + Platform.directory() + "/", "selectors4j");
          if (!file.exists()) {
            throw new FileNotFoundException("removed by another process: " + file);
          }
        }
      }
      if (first) {
        System.out.println("begun");
      }
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
