package io.github.selectors4j.internal.loading;

import io.github.selectors4j.DescriptorLeakCheck;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs a class in a class loader of its own, several times, and prints {@code unloaded} each time
 * that afterwards nothing is left of it: no class, no descriptor, no native library.
 */
public final class LoadAndUnload {
  private static final int ROUNDS = 5;
  private static final String UNLOADED = "unloaded";
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private LoadAndUnload() {}

  /** The argument: the name of a class with a main method. */
  public static void main(String[] args) throws Exception {
    runAndDrop(args[0]); // what the JDK opens and keeps on first use is not the library's
    Map<Integer, String> before = DescriptorLeakCheck.openDescriptors();
    for (int round = 0; round < ROUNDS; round++) {
      WeakReference<ClassLoader> dropped = runAndDrop(args[0]);
      long start = System.nanoTime();
      while (!outcome(dropped, before).equals(UNLOADED)
          && System.nanoTime() - start < PATIENCE_NANOS) {
        System.gc();
        Thread.sleep(10); // for the reference handler and the unloading of libraries
      }
      System.out.println(outcome(dropped, before));
    }
  }

  private static String outcome(WeakReference<ClassLoader> dropped, Map<Integer, String> before)
      throws Exception {
    if (!dropped.refersTo(null)) {
      return "the class loader is held";
    }
    if (mappings() > 0) {
      return "the native library is held";
    }
    Map<Integer, String> after = DescriptorLeakCheck.openDescriptors();
    return after.equals(before) ? UNLOADED : before + " before, " + after + " after";
  }

  private static WeakReference<ClassLoader> runAndDrop(String name) throws Exception {
    URL[] classPath = LoadInManyLoaders.classPath();
    try (URLClassLoader loader =
        new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
      loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
      return new WeakReference<>(loader);
    }
  }

  private static long mappings() throws Exception {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(line -> line.contains("libselectors4j.so")).count();
    }
  }
}
