package io.github.selectors4j.examples;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All Java that the documents and the Javadoc show stands, but for its indentation, in a program of
 * java/examples or in a test beside this one: so it is compiled and run.
 */
@Tag("mechanism-independent")
class DocumentedCodeTest {
  private static final Path PRODUCT = Path.of("java/main/io/github/selectors4j");
  private static final List<Path> RUN =
      List.of(
          Path.of("java/examples/io/github/selectors4j/examples"),
          Path.of("java/test/io/github/selectors4j/examples"));

  private static final Pattern IN_MARKDOWN = Pattern.compile("(?s)```java\n(.*?)```");
  private static final Pattern IN_JAVADOC =
      Pattern.compile("(?s)<pre>\\{@code\n(.*?)\n *\\* *}</pre>");

  @Test
  void isRun() throws IOException {
    String run = read(RUN, ".java").map(DocumentedCodeTest::unindented).collect(joining("\n"));
    List<String> shown = shown();
    assertTrue(shown.size() > 1, "no code was found");
    for (String code : shown) {
      assertTrue(run.contains(unindented(code)), () -> "neither compiled nor run:\n" + code);
    }
  }

  /** The README's picture shows the figures of docs/performance.md: scripts/bench --picture. */
  @Test
  void pictureIsOfTheFiguresInPerformance(@TempDir Path folder) throws Exception {
    Process drawing =
        new ProcessBuilder("python3", "scripts/lib/bench/picture.py", folder.toString())
            .inheritIO()
            .start();
    assertEquals(0, drawing.waitFor());
    for (String name : List.of("epoll-light.svg", "epoll-dark.svg")) {
      assertEquals(
          Files.readString(folder.resolve(name)),
          Files.readString(Path.of("docs/performance", name)),
          name + " is out of date: scripts/bench --picture draws it anew");
    }
  }

  private static List<String> shown() throws IOException {
    List<String> shown = new ArrayList<>();
    Stream.concat(
            Stream.of(Files.readString(Path.of("README.md"))),
            read(List.of(Path.of("docs")), ".md"))
        .flatMap(text -> matches(IN_MARKDOWN, text))
        .forEach(shown::add);
    read(List.of(PRODUCT), ".java")
        .flatMap(text -> matches(IN_JAVADOC, text))
        .map(code -> code.replaceAll("(?m)^ *\\* ?", ""))
        .forEach(shown::add);
    return shown;
  }

  private static Stream<String> matches(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.results().map((MatchResult result) -> result.group(1));
  }

  private static Stream<String> read(List<Path> folders, String suffix) throws IOException {
    List<String> texts = new ArrayList<>();
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(file -> file.toString().endsWith(suffix)).toList()) {
          texts.add(Files.readString(file));
        }
      }
    }
    return texts.stream();
  }

  private static String unindented(String code) {
    return code.lines().map(String::strip).collect(joining("\n")).strip();
  }
}
