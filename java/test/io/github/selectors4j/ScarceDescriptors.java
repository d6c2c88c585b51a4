package io.github.selectors4j;

import io.github.selectors4j.internal.system.Errno;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.stream.Stream;

/**
 * A process that is short of descriptors, until this is closed. Nothing can be opened meanwhile,
 * class files neither: let the code under test run once before.
 */
public final class ScarceDescriptors implements AutoCloseable {
  private static final int MOST_TO_ALLOW = 16;
  private static final int EMFILE = 24;

  private final long limit = TestLibrary.getOpenFileLimit();
  private final Deque<Integer> fillers = new ArrayDeque<>();

  private ScarceDescriptors() {
    for (int i = 0; i < MOST_TO_ALLOW; i++) {
      fillers.push(TestLibrary.check(TestLibrary.dup(0)));
    }
    TestLibrary.check(TestLibrary.setOpenFileLimit(Collections.max(fillers) + 1));
    // What the JVM gave back meanwhile is free below the last one.
    for (int fd = TestLibrary.dup(0); fd >= 0; fd = TestLibrary.dup(0)) {
      fillers.push(fd);
    }
  }

  /** No descriptor is left. */
  public static ScarceDescriptors none() {
    loadAll();
    return new ScarceDescriptors();
  }

  /** Loads what takes part then: also what some other thread may come to use first, or not. */
  static void loadAll() {
    // What a failure makes use of.
    Errno.exception("open()", EMFILE).toString();
    try {
      Path library =
          Path.of(Errno.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(library)) { // else its jar is open
        try (Stream<Path> files = Files.walk(library)) {
          for (Path file : (Iterable<Path>) files.filter(ScarceDescriptors::isClass)::iterator) {
            String name = library.relativize(file).toString().replaceAll("\\.class$", "");
            Class.forName(
                name.replace(File.separatorChar, '.'), false, Errno.class.getClassLoader());
          }
        }
      }
    } catch (ReflectiveOperationException | URISyntaxException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isClass(Path file) {
    String name = file.toString();
    return name.endsWith(".class") && !name.endsWith("-info.class") && !name.contains("META-INF");
  }

  /** Lets {@code more} descriptors be opened, besides those allowed before. */
  public void allow(int more) {
    for (int i = 0; i < more; i++) {
      TestLibrary.check(TestLibrary.close(fillers.pop()));
    }
  }

  @Override
  public void close() {
    allow(fillers.size());
    TestLibrary.check(TestLibrary.setOpenFileLimit(limit));
  }
}
