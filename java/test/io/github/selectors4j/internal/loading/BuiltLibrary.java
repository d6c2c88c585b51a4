package io.github.selectors4j.internal.loading;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;

/** The library that the build made, which the jar will hold. */
final class BuiltLibrary {
  private BuiltLibrary() {}

  static Path path() {
    URL library =
        NativeLibrary.class.getResource(
            "/natives/" + Platform.directory() + "/" + System.mapLibraryName("selectors4j"));
    try {
      return Path.of(Objects.requireNonNull(library).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
