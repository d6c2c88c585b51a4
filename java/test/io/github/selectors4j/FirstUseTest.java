package io.github.selectors4j;

import static java.util.Locale.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.internal.loading.NativeLibrary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the first selector of a JVM has it load: what a short program waits for. */
class FirstUseTest {

  /** Opens a selector and closes it. */
  static final class Program {
    public static void main(String[] arguments) throws Exception {
      DefaultSelector.open().close();
    }
  }

  @Test
  void noLambdaAndNoMethodHandleIsMade() throws Exception {
    // The first one takes 5 to 10 ms, for all that it is made by. A JVM makes some of its own, too,
    // if
    // it does not get its archive of classes to where it belongs.
    List<String> made = List.of();
    for (int attempt = 0; attempt == 0 || (attempt < 4 && !made.isEmpty()); attempt++) {
      made =
          loadedClasses().stream()
              .filter(line -> line.matches(".*(__JVM_LookupDefineClass__|LambdaMetafactory .*)"))
              .toList();
    }
    assertEquals(List.of(), made);
  }

  @Test
  void whatTheLibraryWasBuiltWithoutIsNotLoaded() throws Exception {
    List<String> loaded = loadedClasses();
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

  private static List<String> loadedClasses() throws Exception {
    List<String> command = new ArrayList<>(ChildJvm.command(Program.class));
    command.add(1, "-Xlog:class+load:stdout:none");
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String loaded = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor());
    assertEquals(1, loaded.lines().filter(l -> l.contains("DefaultSelector ")).count(), loaded);
    return loaded.lines().toList();
  }
}
