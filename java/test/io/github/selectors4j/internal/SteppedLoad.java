package io.github.selectors4j.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/** Loads the library as {@link NativeLibrary} does, and waits at one moment for a byte of input. */
public final class SteppedLoad {

  /** In the order of events. */
  enum Moment {
    LOCKED(2),
    HALF_WRITTEN(3),
    EXTRACTED(3),
    LOADED(3),
    REMOVED(0);

    /** How many files and directories there are of the process at that moment. */
    final int entries;

    Moment(int entries) {
      this.entries = entries;
    }
  }

  private static Moment wanted = Moment.REMOVED;

  private SteppedLoad() {}

  public static void main(String[] args) throws IOException {
    wanted = Moment.valueOf(args[0]);
    String name = System.mapLibraryName("selectors4j");
    byte[] content;
    try (InputStream library =
        SteppedLoad.class.getResourceAsStream("/natives/" + Platform.directory() + "/" + name)) {
      content = Objects.requireNonNull(library).readAllBytes();
    }
    synchronized (ExtractionSlot.JVM_WIDE_MONITOR) {
      ExtractionSlot slot = create(name);
      reach(Moment.LOCKED);
      slot.write(Arrays.copyOf(content, content.length / 2));
      reach(Moment.HALF_WRITTEN);
      String file = slot.write(content).getPath();
      reach(Moment.EXTRACTED);
      System.load(file);
      reach(Moment.LOADED);
      slot.remove();
    }
    reach(Moment.REMOVED);
    System.out.println("done");
  }

  private static ExtractionSlot create(String fileName) throws IOException {
    Path parent = new LibraryExtractor().parent().toPath();
    ExtractionSlot slot = null;
    for (int i = 0; slot == null; i++) {
      slot = ExtractionSlot.create(parent.resolve("selectors4j-" + i), fileName);
    }
    return slot;
  }

  private static void reach(Moment moment) throws IOException {
    if (moment == wanted) {
      System.out.println(moment);
      if (System.in.read() < 0) {
        System.exit(1);
      }
    }
  }
}
