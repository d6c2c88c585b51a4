package io.github.selectors4j.internal.loading;

import java.io.File;
import java.io.IOException;
import java.util.MissingResourceException;
import org.jspecify.annotations.Nullable;

/**
 * Loads the native library, once, and binds the native methods of classes to it.
 *
 * <p>{@code -Dselectors4j.library.path=<file or directory>} names the library, and then nothing
 * else is tried; otherwise the copy in the jar is extracted.
 */
@SuppressWarnings("StaticAssignmentOfThrowable") // every caller is to get the one that tells why
public final class NativeLibrary {
  /** The property that names the library, or the directory that it is in. */
  static final String LIBRARY_PATH = "selectors4j.library.path";

  private static final String NAME = "selectors4j";

  private static @Nullable String origin;
  private static @Nullable UnsatisfiedLinkError failure;

  private NativeLibrary() {}

  /**
   * Loads the library unless that was done before.
   *
   * @throws UnsatisfiedLinkError that says what was tried and what to do; the very same one on
   *     every call
   */
  public static synchronized void load() {
    if (failure != null) {
      throw failure;
    }
    if (origin == null) {
      try {
        origin = loadFirst();
      } catch (UnsatisfiedLinkError e) {
        failure = e;
        throw e;
      }
    }
  }

  /**
   * Binds the native methods of a class. For its static initialiser: a failure must not turn into a
   * {@link NoClassDefFoundError}, so it is {@link #load} that throws it.
   *
   * @param type a class with native methods; it is known to the library by its simple name, which
   *     relocation keeps
   * @return false when the library did not load, or lacks this class because the platform lacks
   *     what it wraps
   */
  public static synchronized boolean bind(Class<?> type) {
    try {
      load();
      return bind(type, type.getSimpleName());
    } catch (UnsatisfiedLinkError e) {
      return false;
    } catch (LinkageError e) {
      failure =
          failure(
              String.valueOf(origin),
              e,
              "It is of another version than "
                  + type.getName()
                  + ": remove the other copy of "
                  + "selectors4j from the class path, or correct -D"
                  + LIBRARY_PATH
                  + ".");
      return false;
    }
  }

  /**
   * Whether this platform's library has natives for a class, which need not be loaded for that.
   *
   * @param simpleName the class's name without its package
   * @throws UnsatisfiedLinkError as {@link #load}
   */
  public static boolean hasNativesOf(String simpleName) {
    load();
    return has(simpleName);
  }

  /** Where the library was loaded from, for people. */
  public static synchronized String origin() {
    load();
    return String.valueOf(origin);
  }

  private static String loadFirst() {
    String path = System.getProperty(LIBRARY_PATH);
    return path != null ? loadFrom(path) : loadFromJar();
  }

  private static String loadFrom(String path) {
    File given = new File(path).getAbsoluteFile();
    File library = given.isDirectory() ? new File(given, System.mapLibraryName(NAME)) : given;
    try {
      if (Platform.hasElfLibraries()) {
        ElfFile.check(library);
      }
      loadAndCheck(library);
      return library.getPath();
    } catch (IOException | RuntimeException | LinkageError e) {
      throw failure(
          library + " (from -D" + LIBRARY_PATH + "=" + path + ")",
          e,
          "Let the property name a library built for this platform, or the directory that it is "
              + "in, or leave the property out to use the copy in the jar.");
    }
  }

  private static String loadFromJar() {
    String folder = "natives/" + Platform.directory() + "/";
    String resource = folder + System.mapLibraryName(NAME);
    synchronized (ExtractionSlot.JVM_WIDE_MONITOR) {
      try (LibraryExtractor extractor = new LibraryExtractor()) {
        String tried = resource + " (from the jar, extracted below " + extractor.parent() + ")";
        try {
          loadAndCheck(extractor.extractJni(folder, NAME));
          extractor.setLoaded();
          return tried;
        } catch (MissingResourceException e) {
          throw failure(
              resource + " (from the jar)",
              e,
              "The jar has no library for this platform: build one from the sources with CMake, "
                  + "and name it with -D"
                  + LIBRARY_PATH
                  + "=<file>.");
        } catch (IOException | RuntimeException | LinkageError e) {
          throw failure(
              tried,
              e,
              "If that directory is full, read-only or mounted noexec, name another one with -D"
                  + LibraryExtractor.TMPDIR
                  + "=<directory>; if the library does not suit this machine, build one from the "
                  + "sources with CMake, and name it with -D"
                  + LIBRARY_PATH
                  + "=<file>.");
        }
      }
    }
  }

  private static void loadAndCheck(File library) {
    System.load(library.getPath());
    try {
      bind(NativeLibrary.class, NativeLibrary.class.getSimpleName());
      has("");
    } catch (UnsatisfiedLinkError e) {
      throw withCause(
          "it did not bind to "
              + NativeLibrary.class.getName()
              + ": either it is another library, or the class was relocated and the JVM runs "
              + "without the stack traces that tell the library so; then leave out "
              + "-XX:-StackTraceInThrowable and -XX:MaxJavaStackTraceDepth",
          e);
    }
  }

  private static UnsatisfiedLinkError failure(String tried, Throwable cause, String remedy) {
    return withCause(
        "selectors4j can't load its native library for "
            + Platform.describe()
            + ". Tried: "
            + tried
            + ": "
            + cause
            + ". "
            + (cause instanceof IllegalCallerException
                ? "Start the JVM with --enable-native-access=" + module() + "."
                : remedy),
        cause);
  }

  private static String module() {
    Module module = NativeLibrary.class.getModule();
    return module.isNamed() ? module.getName() : "ALL-UNNAMED";
  }

  private static UnsatisfiedLinkError withCause(String message, Throwable cause) {
    UnsatisfiedLinkError error = new UnsatisfiedLinkError(message);
    error.initCause(cause);
    return error;
  }

  private static native boolean has(String simpleName);

  /**
   * A bit for each number from 0 to 63: whether there may be anything of that name, with the number
   * behind it. In a new JVM, this takes a fraction of what Java takes to find out.
   */
  static native long mayExist(String prefix);

  private static native boolean bind(Class<?> type, String simpleName);
}
