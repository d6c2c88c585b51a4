package io.github.selectors4j.internal.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.internal.fileobject.JdkMember;
import io.github.selectors4j.internal.fileobject.JdkMembers;
import io.github.selectors4j.internal.loading.LoaderJvm;
import io.github.selectors4j.internal.loading.Platform;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code java -jar} prints for a bug report. */
@Tag("mechanism-independent")
class ReportTest {

  private static final String USAGE = "usage: java -jar selectors4j-<version>.jar";

  @TempDir Path tmp;

  @Test
  void tellsVersionPlatformLibraryMechanismsAndMembers() throws Exception {
    List<String> report = LoaderJvm.run(command(Map.of()));
    assertTrue(report.get(0).startsWith("selectors4j "), report::toString);
    assertTrue(
        report.get(1).matches("platform +" + Platform.directory() + " .*"), report::toString);
    assertTrue(report.get(1).contains(Platform.jdk()), report::toString);
    assertTrue(report.get(2).contains("libselectors4j.so"), report::toString);
    List<String> expected =
        new ArrayList<>(
            List.of(
                "kqueue      absent",
                "epoll       works",
                "devpoll     absent",
                "poll        works",
                "select      works",
                "default     epoll"));
    for (JdkMember member : JdkMembers.all()) {
      expected.add("member      " + member + " is there");
    }
    assertEquals(expected, report.subList(3, report.size()));
  }

  @Test
  void tellsWhichMemberIsMissing() throws Exception {
    List<String> command = command(Map.of());
    command.add(1, LoaderJvm.hiding(tmp.resolve("trace"), "java.net.Socket.impl"));
    List<String> report = LoaderJvm.run(command);
    assertEquals(
        List.of("member      java.net.Socket.impl is missing"),
        report.stream().filter(line -> line.endsWith("missing")).toList());
  }

  @Test
  void tellsWhyThereIsNoDefault() throws Exception {
    for (String forced : List.of("kqueue", "bogus")) {
      List<String> report = LoaderJvm.run(command(Map.of("selectors4j.mechanism", forced)));
      String start = "default     none: -Dselectors4j.mechanism=" + forced;
      assertTrue(report.stream().anyMatch(line -> line.startsWith(start)), report::toString);
    }
  }

  @Test
  void failsWhenTheLibraryDoesNotLoadAndTellsWhy() throws Exception {
    List<String> report =
        LoaderJvm.run(command(Map.of("selectors4j.library.path", "/missing.so")), 1);
    assertTrue(report.get(1).startsWith("platform"), report::toString);
    assertTrue(report.get(2).contains("UnsatisfiedLinkError"), report::toString);
    assertTrue(report.get(2).contains("/missing.so"), report::toString);
  }

  @Test
  void failsWhenNothingWorks() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertFalse(Report.print(new PrintStream(bytes, true, UTF_8), mechanism -> false));
    List<String> report = bytes.toString(UTF_8).lines().toList();
    assertEquals(5, report.stream().filter(line -> line.endsWith(" absent")).count());
    assertTrue(Report.print(new PrintStream(bytes, true, UTF_8), Mechanism.SELECT::equals));
  }

  @Test
  void answersHelpAndVersion() throws Exception {
    assertTrue(LoaderJvm.run(command(Map.of(), "--help")).get(0).startsWith(USAGE));
    List<String> version = LoaderJvm.run(command(Map.of(), "--version"));
    assertEquals(1, version.size(), version::toString);
    assertTrue(version.get(0).startsWith("selectors4j "), version::toString);
  }

  @Test
  void refusesOtherArguments() throws Exception {
    for (String[] arguments :
        new String[][] {{"--bogus"}, {"--version", "--bogus"}, {"file"}, {"--Help"}, {""}}) {
      List<String> refusal = LoaderJvm.run(command(Map.of(), arguments), 2);
      assertEquals("not understood: " + String.join(" ", arguments), refusal.get(0));
      assertTrue(refusal.get(1).startsWith(USAGE), refusal::toString);
    }
  }

  private static List<String> command(Map<String, String> properties, String... arguments) {
    return LoaderJvm.command(properties, Report.class, arguments);
  }
}
