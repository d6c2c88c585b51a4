package io.github.selectors4j.internal.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the library adds to the names of a process. */
@Tag("mechanism-independent")
class ExportedSymbolsTest {
  @Test
  void areTheJvmsOnly() throws Exception {
    List<String> symbols =
        LoaderJvm.run(List.of("nm", "-D", "--defined-only", BuiltLibrary.path().toString()))
            .stream()
            .map(line -> line.substring(line.lastIndexOf(' ') + 1))
            .toList();
    assertTrue(symbols.contains("JNI_OnLoad"), symbols::toString);
    assertEquals(
        List.of(), symbols.stream().filter(symbol -> !symbol.matches("(JNI|Java)_.*")).toList());
  }
}
