package io.github.selectors4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells by the system whether threads sleep. A stack alone does not: on a busy machine a thread may
 * be seen in a call that ends by itself, and have lost the processor there for long.
 */
final class ThreadSleep {
  private static final boolean IS_LINUX = System.getProperty("os.name").equals("Linux");
  private static final Path SELF = Path.of("/proc/thread-self");
  private static final Path THREADS = Path.of("/proc/self/task");
  private static final int LONGEST_NAME = 15;

  private ThreadSleep() {}

  /** Where Linux tells of the current thread; empty on other systems. */
  static List<Path> ofCurrentThread() throws IOException {
    return IS_LINUX
        ? List.of(Path.of("/proc").resolve(Files.readSymbolicLink(SELF)).resolve("status"))
        : List.of();
  }

  /** Where it tells of the threads of that name, or of names that begin alike. */
  static List<Path> of(String name) throws IOException {
    String comm = name.substring(0, Math.min(name.length(), LONGEST_NAME));
    List<Path> found = new ArrayList<>();
    if (!Files.exists(THREADS)) {
      return found;
    }
    try (Stream<Path> threads = Files.list(THREADS)) {
      for (Path thread : (Iterable<Path>) threads::iterator) {
        try {
          if (Files.readString(thread.resolve("comm")).strip().equals(comm)) {
            found.add(thread.resolve("status"));
          }
        } catch (IOException ended) {
          // Another one, then.
        }
      }
    }
    return found;
  }

  /**
   * In which of its sleeps the thread is; null when it is awake, or has ended. Who gets the same
   * twice knows that it slept from the first time to the second.
   */
  static String in(Path status) {
    List<String> lines;
    try {
      lines = Files.readAllLines(status);
    } catch (IOException ended) {
      return null;
    }
    return lines.stream().anyMatch(line -> line.startsWith("State:\tS"))
        ? lines.stream().filter(line -> line.startsWith("voluntary_ctxt_")).findAny().get()
        : null;
  }
}
