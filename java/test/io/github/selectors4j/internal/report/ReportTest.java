package io.github.selectors4j.internal.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.internal.loading.LoaderJvm;
import io.github.selectors4j.internal.loading.Platform;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code java -jar} prints for a bug report. */
@Tag("mechanism-independent")
class ReportTest {
  @Test
  void tellsVersionPlatformLibraryAndMechanisms() throws Exception {
    List<String> report = LoaderJvm.run(LoaderJvm.command(Map.of(), Report.class));
    assertTrue(report.get(0).startsWith("selectors4j "), report::toString);
    assertTrue(
        report.get(1).matches("platform +" + Platform.directory() + " .*"), report::toString);
    assertTrue(report.get(2).contains("libselectors4j.so"), report::toString);
    assertEquals(
        List.of(
            "kqueue      absent",
            "epoll       works",
            "devpoll     absent",
            "poll        works",
            "select      works",
            "default     epoll"),
        report.subList(3, report.size()));
  }

  @Test
  void tellsWhyThereIsNoDefault() throws Exception {
    for (String forced : List.of("kqueue", "bogus")) {
      List<String> report =
          LoaderJvm.run(LoaderJvm.command(Map.of("selectors4j.mechanism", forced), Report.class));
      String last = report.get(report.size() - 1);
      assertTrue(last.startsWith("default     none: -Dselectors4j.mechanism=" + forced), last);
    }
  }

  @Test
  void tellsWhyTheLibraryDoesNotLoad() throws Exception {
    List<String> report =
        LoaderJvm.run(
            LoaderJvm.command(Map.of("selectors4j.library.path", "/missing.so"), Report.class));
    assertTrue(report.get(1).startsWith("platform"), report::toString);
    assertTrue(report.get(2).contains("UnsatisfiedLinkError"), report::toString);
    assertTrue(report.get(2).contains("/missing.so"), report::toString);
  }
}
