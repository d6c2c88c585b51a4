package io.github.selectors4j.internal.loading;

import static java.util.Collections.nCopies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.ChildJvm;
import io.github.selectors4j.internal.system.EpollShim;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several copies of the classes in one JVM, relocated ones too, and ones that don't fit. */
@Tag("mechanism-independent")
class ClassLoadersTest {
  private static final String PLAIN = LoadAttempt.class.getName();
  private static final String RELOCATED = PLAIN.replace("selectors4j", "relocated4j");

  @TempDir Path tmp;
  @TempDir Path copy;

  @Test
  void twentyClassLoadersAtOnce() throws Exception {
    assertEquals(
        nCopies(20, "loaded"),
        run(List.of(), ChildJvm.CLASS_PATH, LoadInManyLoaders.class.getName(), "20", PLAIN));
  }

  @Test
  void relocatedBesidePlainInTwentyClassLoaders() throws Exception {
    LibraryCopy.relocated(copy);
    assertEquals(
        nCopies(40, "loaded"),
        run(
            List.of(),
            ChildJvm.CLASS_PATH + File.pathSeparator + copy,
            LoadInManyLoaders.class.getName(),
            "20",
            PLAIN,
            RELOCATED));
  }

  @Test
  void relocatedAlone() throws Exception {
    LibraryCopy.relocated(copy);
    assertEquals(List.of("loaded"), run(List.of(), copy.toString(), RELOCATED));
  }

  @Test
  void unloadedWithTheirClassLoader() throws Exception {
    assertEquals(
        nCopies(5, "unloaded"),
        run(
            List.of(),
            ChildJvm.CLASS_PATH,
            LoadAndUnload.class.getName(),
            UseOfAll.class.getName()));
  }

  @Test
  void withoutStackTraces() throws Exception {
    List<String> options = List.of("-XX:-StackTraceInThrowable");
    assertEquals(List.of("loaded"), run(options, ChildJvm.CLASS_PATH, PLAIN));
    LibraryCopy.relocated(copy);
    List<String> output = run(options, copy.toString(), RELOCATED);
    assertEquals("failed", output.get(0));
    assertTrue(output.get(1).contains("-XX:-StackTraceInThrowable"), output.get(1));
  }

  @Test
  void classesOfAnotherVersionThanTheLibrary() throws Exception {
    LibraryCopy.ofAnotherVersion(copy);
    List<String> output = run(List.of(), copy.toString(), PLAIN);
    assertEquals("failed", output.get(0));
    assertTrue(output.get(1).contains("of another version than"), output.get(1));
    assertTrue(output.get(1).contains(EpollShim.class.getName()), output.get(1));
  }

  @Test
  void noLibraryForThePlatform() throws Exception {
    LibraryCopy.plain(copy);
    Files.delete(copy.resolve("natives/" + Platform.directory() + "/libselectors4j.so"));
    List<String> output = run(List.of(), copy.toString(), PLAIN);
    assertEquals("failed", output.get(0));
    assertTrue(output.get(1).contains("has no library for this platform"), output.get(1));
    assertTrue(output.get(1).contains("-Dselectors4j.library.path"), output.get(1));
  }

  @Test
  void oneNamedLibraryServesOneClassLoader() throws Exception {
    List<String> output =
        LoaderJvm.run(
            ChildJvm.command(
                Map.of("selectors4j.library.path", BuiltLibrary.path().toString()),
                ChildJvm.CLASS_PATH,
                LoadInManyLoaders.class.getName(),
                "2",
                PLAIN));
    assertEquals(1, output.stream().filter("loaded"::equals).count(), output::toString);
    assertTrue(output.toString().contains("already loaded in another classloader"));
  }

  private List<String> run(List<String> options, String classPath, String main, String... arguments)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            ChildJvm.command(
                Map.of(LibraryExtractor.TMPDIR, tmp.toString()), classPath, main, arguments));
    command.addAll(1, options);
    List<String> output = LoaderJvm.run(command);
    assertEquals(0, tmp.toFile().list().length);
    return output;
  }
}
