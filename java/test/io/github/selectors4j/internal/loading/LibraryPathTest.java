package io.github.selectors4j.internal.loading;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code -Dselectors4j.library.path}: that, and nothing else. */
@Tag("mechanism-independent")
class LibraryPathTest {
  private static final int ELF_HEADER_SIZE = 64;
  private static final int ELF_MACHINE_OFFSET = 18;
  private static final short NO_SUCH_MACHINE = 0x7ead;

  @TempDir Path directory;

  @Test
  void namesAFile() throws Exception {
    Path library = Files.copy(BuiltLibrary.path(), directory.resolve("under-any-name.so"));
    assertEquals(List.of("loaded"), attempt(library));
    assertTrue(Files.exists(library));
  }

  @Test
  void namesADirectory() throws Exception {
    Files.copy(BuiltLibrary.path(), directory.resolve("libselectors4j.so"));
    assertEquals(List.of("loaded"), attempt(directory));
  }

  @Test
  void isRelativeToTheWorkingDirectory() throws Exception {
    Path library = Path.of("").toAbsolutePath().relativize(BuiltLibrary.path());
    assertEquals(List.of("loaded"), attempt(library));
  }

  @Test
  void missingFile() throws Exception {
    fails(directory.resolve("libselectors4j.so"), "No such file");
  }

  @Test
  void directoryWithoutLibrary() throws Exception {
    fails(directory, directory.resolve("libselectors4j.so").toString());
  }

  @Test
  void corrupt() throws Exception {
    fails(Files.writeString(directory.resolve("x.so"), "no library"), "is no ELF file");
  }

  @Test
  void truncated() throws Exception {
    byte[] library = Files.readAllBytes(BuiltLibrary.path());
    byte[] half = Arrays.copyOf(library, library.length / 2);
    fails(Files.write(directory.resolve("half.so"), half), "is truncated");
    fails(Files.createFile(directory.resolve("empty.so")), "is no ELF file");
  }

  @Test
  void ofAnotherArchitecture() throws Exception {
    byte[] library = Files.readAllBytes(BuiltLibrary.path());
    ByteBuffer.wrap(library)
        .order(ByteOrder.nativeOrder())
        .putShort(ELF_MACHINE_OFFSET, NO_SUCH_MACHINE);
    fails(Files.write(directory.resolve("other.so"), library), "UnsatisfiedLinkError");
    byte[] header = Arrays.copyOf(library, ELF_HEADER_SIZE);
    fails(Files.write(directory.resolve("header.so"), header), "is truncated");
  }

  @Test
  void anotherLibrary() throws Exception {
    fails(Path.of(System.getProperty("selectors4j.test.library")), "it is another library");
  }

  private static void fails(Path libraryPath, String... parts) throws Exception {
    List<String> output = attempt(libraryPath);
    assertEquals("failed", output.get(0));
    String error = output.get(1);
    assertAll(
        () -> assertTrue(error.startsWith("java.lang.UnsatisfiedLinkError: "), error),
        () -> assertTrue(error.contains(Platform.directory()), error),
        () -> assertTrue(error.contains("-Dselectors4j.library.path=" + libraryPath), error),
        () -> assertTrue(error.contains("leave the property out"), error),
        () -> assertTrue(output.size() > 2, "no cause"));
    for (String part : parts) {
      assertTrue(String.join("\n", output).contains(part), () -> String.join("\n", output));
    }
  }

  private static List<String> attempt(Path libraryPath) throws Exception {
    return LoaderJvm.attempt(Map.of("selectors4j.library.path", libraryPath.toString()));
  }
}
