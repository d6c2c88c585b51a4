package io.github.selectors4j.internal.loading;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Objects;

/** Loads the library as {@link NativeLibrary} does, and waits at one moment for a byte of input. */
public final class SteppedLoad {

  /** In the order of events. */
  enum Moment {
    LOCKED,
    HALF_WRITTEN,
    EXTRACTED,
    LOADED,
    REMOVED;

    /** How many files and directories there are of the process at that moment. */
    int entries() {
      return switch (this) {
        case LOCKED -> 2;
        case HALF_WRITTEN, EXTRACTED, LOADED -> 3;
        case REMOVED -> Platform.isWindows() ? 3 : 0; // which removes no library that is in use
      };
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
      ExtractionSlot slot = new LibraryExtractor().createSlot(name);
      reach(Moment.LOCKED);
      File half = slot.write(Arrays.copyOf(content, content.length / 2));
      reach(Moment.HALF_WRITTEN);
      Files.delete(half.toPath());
      String file = slot.write(content).getPath();
      reach(Moment.EXTRACTED);
      System.load(file);
      reach(Moment.LOADED);
      try {
        slot.remove();
      } catch (IOException e) {
        if (!Platform.isWindows()) {
          throw e;
        }
      }
    }
    reach(Moment.REMOVED);
    System.out.println("done");
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
