package io.github.selectors4j;

import static java.util.Locale.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.internal.loading.NativeLibrary;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the first selector of a JVM has it load: what a short program waits for. */
class FirstUseTest {

  /** Where no other process leaves anything to be looked at. */
  @TempDir Path tmp;

  /** Opens a selector and closes it. */
  static final class Program {
    public static void main(String[] arguments) throws Exception {
      DefaultSelector.open().close();
    }
  }

  /** And registers its input, which is a pipe, and selects. */
  static final class LongerProgram {
    public static void main(String[] arguments) throws Exception {
      try (BaseSelector selector = DefaultSelector.open()) {
        selector.register(0, BaseSelector.EVENT_READ);
        selector.selectNow();
      }
    }
  }

  @Test
  void noLambdaAndNoMethodHandleIsMade() throws Exception {
    // The first one takes 5 to 10 ms, for all that it is made by. A JVM makes some of its own, too,
    // if it does not get its archive of classes to where it belongs.
    List<String> made = List.of();
    for (int attempt = 0; attempt == 0 || (attempt < 4 && !made.isEmpty()); attempt++) {
      made =
          loadedClasses(Program.class).stream()
              .filter(line -> line.matches(".*(__JVM_LookupDefineClass__|LambdaMetafactory .*)"))
              .toList();
    }
    assertEquals(List.of(), made);
  }

  /**
   * Each takes a good quarter of a millisecond: to find, read and verify, and to be compiled for.
   * Select has the most; epoll has 27, and 46.
   */
  @ParameterizedTest
  @CsvSource({"Program, 28", "LongerProgram, 49"})
  void fewClassesAreLoaded(String program, int most) throws Exception {
    List<String> own = ownClasses(program);
    assertTrue(own.size() <= most, () -> own.size() + " classes: " + own);
    assertTrue(own.size() > most / 2, () -> own.size() + " classes: " + own);
  }

  /** As a switch over an enum and an anonymous class have it. */
  @ParameterizedTest
  @ValueSource(strings = {"Program", "LongerProgram"})
  void noClassWithoutANameIsLoaded(String program) throws Exception {
    assertEquals(
        List.of(), ownClasses(program).stream().filter(name -> name.matches(".*\\$\\d+")).toList());
  }

  @Test
  void whatARareKindOfKeyTakesIsNotLoaded() throws Exception {
    String rare =
        ".*\\.(ChildInputs|KeptPriority|EpollFront|EpollReplacement|Refusals|HotKeys|DeadSlots)";
    assertEquals(
        List.of(), ownClasses("Program").stream().filter(name -> name.matches(rare)).toList());
  }

  @Test
  void whatTheLibraryWasBuiltWithoutIsNotLoaded() throws Exception {
    List<String> loaded = loadedClasses(Program.class);
    for (Mechanism mechanism : Mechanism.values()) {
      String name = mechanism.name().charAt(0) + mechanism.name().substring(1).toLowerCase(ROOT);
      if (!NativeLibrary.hasNativesOf(name + "Shim")) {
        assertEquals(
            List.of(),
            loaded.stream()
                .filter(line -> line.contains("." + name + "S") && !line.contains("Selector"))
                .toList());
      }
    }
  }

  /** The library's own, and those that it has taken into its jar. */
  private List<String> ownClasses(String program) throws Exception {
    Class<?> main = Class.forName(FirstUseTest.class.getName() + "$" + program);
    return loadedClasses(main).stream()
        .map(line -> line.split(" ")[0])
        .filter(name -> name.matches("(io\\.github\\.selectors4j|org\\.scijava)\\..*"))
        .filter(name -> !name.startsWith(FirstUseTest.class.getName()))
        .toList();
  }

  private List<String> loadedClasses(Class<?> program) throws Exception {
    List<String> command = new ArrayList<>(ChildJvm.command(program));
    command.addAll(1, List.of("-Xlog:class+load:stdout:none", "-Dselectors4j.tmpdir=" + tmp));
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String loaded = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor());
    assertEquals(1, loaded.lines().filter(l -> l.contains("DefaultSelector ")).count(), loaded);
    return loaded.lines().toList();
  }
}
