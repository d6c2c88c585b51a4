package io.github.selectors4j.examples;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documents and the Javadoc are true to the sources, as far as a test can tell. */
@Tag("mechanism-independent")
class DocumentsTest {
  private static final Path PRODUCT = Path.of("java/main/io/github/selectors4j");
  private static final List<Path> RUN =
      List.of(
          Path.of("java/examples/io/github/selectors4j/examples"),
          Path.of("java/frameworks/io/github/selectors4j/frameworks"),
          Path.of("java/test/io/github/selectors4j/examples"));

  private static final Pattern IN_MARKDOWN = Pattern.compile("(?s)```java\n(.*?)```");
  private static final Pattern LINK = Pattern.compile("(?:]\\(|src=\"|srcset=\")([^)\" ]+)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern IN_JAVADOC =
      Pattern.compile("(?s)<pre>\\{@code\n(.*?)\n *\\* *}</pre>");

  /**
   * It stands, but for its indentation, in an example, in a test beside this one or for a
   * framework.
   */
  @Test
  void allCodeIsCompiledAndRun() throws IOException {
    String run = read(RUN, ".java").map(DocumentsTest::unindented).collect(joining("\n"));
    List<String> shown = shown();
    assertTrue(shown.size() > 1, "no code was found");
    for (String code : shown) {
      assertTrue(run.contains(unindented(code)), () -> "neither compiled nor run:\n" + code);
    }
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (String folder : List.of(".", "docs")) {
      try (Stream<Path> files = Files.list(Path.of(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
      }
    }
    assertTrue(documents.contains(Path.of("./README.md")), documents::toString);
    List<String> lost = new ArrayList<>();
    for (Path document : documents) {
      matches(LINK, Files.readString(document))
          .filter(link -> !link.startsWith("http"))
          .filter(link -> !leadsSomewhere(document, link))
          .forEach(link -> lost.add(document + ": " + link));
    }
    assertEquals(List.of(), lost);
  }

  /** A file, or a heading as GitHub turns it into an anchor. */
  private static boolean leadsSomewhere(Path document, String link) {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
    try {
      return Files.exists(target)
          && (parts.length == 1
              || matches(HEADING, Files.readString(target))
                  .map(heading -> heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", ""))
                  .anyMatch(heading -> heading.replace(' ', '-').equals(parts[1])));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pictures show the figures of docs/performance: scripts/bench --picture. */
  @Test
  void picturesAreOfTheFiguresInPerformance(@TempDir Path folder) throws Exception {
    Process drawing =
        new ProcessBuilder("python3", "scripts/lib/bench/picture.py", folder.toString())
            .inheritIO()
            .start();
    assertEquals(0, drawing.waitFor());
    for (String name : pictures(Path.of("docs/performance"))) {
      assertEquals(
          Files.readString(folder.resolve(name)),
          Files.readString(Path.of("docs/performance", name)),
          name + " is out of date: scripts/bench --picture draws it anew");
    }
    assertEquals(pictures(folder), pictures(Path.of("docs/performance")));
  }

  private static List<String> pictures(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".svg"))
          .sorted()
          .toList();
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
