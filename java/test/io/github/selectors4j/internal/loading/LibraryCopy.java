package io.github.selectors4j.internal.loading;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.scijava.nativelib.JniExtractor;

/**
 * Copies the library, with the test programs of this package and the class of the loader that the
 * jar holds, into a directory that is all the class path they need.
 */
final class LibraryCopy {
  private LibraryCopy() {}

  static void plain(Path target) throws IOException {
    copy(target, UnaryOperator.identity());
  }

  /** As a build that renames our packages does it; names of the same length keep it simple. */
  static void relocated(Path target) throws IOException {
    copy(
        target,
        text ->
            text.replace("io/github/selectors4j", "io/github/relocated4j")
                .replace("io.github.selectors4j", "io.github.relocated4j"));
  }

  /** With a native method of another name than the library knows. */
  static void ofAnotherVersion(Path target) throws IOException {
    copy(target, text -> text.replace("waitMillis", "waitMillix"));
  }

  private static void copy(Path target, UnaryOperator<String> change) throws IOException {
    try {
      Path library = locationOf(NativeLibrary.class);
      copyFiles(library, library, target, change);
      Path tests = locationOf(LibraryCopy.class);
      Path programs = tests.resolve(LibraryCopy.class.getPackageName().replace('.', '/'));
      copyFiles(tests, programs, target, change);
      String name = JniExtractor.class.getName().replace('.', '/') + ".class";
      try (InputStream content = JniExtractor.class.getClassLoader().getResourceAsStream(name)) {
        write(target.resolve(name), Objects.requireNonNull(content).readAllBytes());
      }
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Path locationOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static void copyFiles(Path root, Path from, Path target, UnaryOperator<String> change)
      throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] content = Files.readAllBytes(file);
        if (file.toString().endsWith(".class")) {
          content = change.apply(new String(content, ISO_8859_1)).getBytes(ISO_8859_1);
        }
        write(target.resolve(change.apply(root.relativize(file).toString())), content);
      }
    }
  }

  private static void write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }
}
