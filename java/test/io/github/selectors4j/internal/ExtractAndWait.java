package io.github.selectors4j.internal;

import java.io.File;
import java.io.IOException;

/** Stops between extraction and loading, and goes on after a byte of input. */
public final class ExtractAndWait {
  private ExtractAndWait() {}

  public static void main(String[] args) throws IOException {
    synchronized (ExtractionSlot.JVM_WIDE_MONITOR) {
      try (LibraryExtractor extractor = new LibraryExtractor()) {
        File file = extractor.extractJni("natives/" + Platform.directory() + "/", "selectors4j");
        System.out.println("extracted");
        if (System.in.read() >= 0) {
          System.load(file.getPath());
          System.out.println("loaded");
        }
      }
    }
  }
}
