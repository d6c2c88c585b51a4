package io.github.selectors4j.internal.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.selectors4j.internal.loading.SteppedLoad.Moment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What processes leave behind that are killed while they load the library, and who removes it. */
@Tag("mechanism-independent")
class KilledProcessTest {
  private static final String LIBRARY = System.mapLibraryName("selectors4j");

  @TempDir Path tmp;
  private ExtractionFolder folder;

  @BeforeEach
  void useTemporaryFolder() {
    folder = new ExtractionFolder(tmp);
  }

  @ParameterizedTest
  @EnumSource
  void theNextProcessRemovesWhatIsDeadAndNothingElse(Moment moment) throws Exception {
    Files.createFile(folder.slot(0, "rwx------").resolve("notes.txt"));
    Process alive = folder.stoppedAt(moment);
    List<String> others = folder.entries();
    Process killed = folder.stoppedAt(moment);
    List<String> all = folder.entries();
    assertEquals(others.size() + moment.entries(), all.size());
    ExtractionFolder.kill(killed);
    assertEquals(all, folder.entries());
    folder.load();
    assertEquals(others, folder.entries());
    ExtractionFolder.goOn(alive);
    assertEquals(2 + Moment.REMOVED.entries(), folder.entries().size());
    folder.load();
    assertEquals(List.of("selectors4j-0", "selectors4j-0/notes.txt"), folder.entries());
  }

  /** Where all the names are taken that can be known in advance. */
  @Test
  void theNextProcessRemovesWhatIsDeadUnderAnyName() throws Exception {
    for (int slot = 0; slot < 64; slot++) {
      Path name = tmp.resolve("selectors4j-" + slot);
      if (Platform.isWindows()) { // where not everybody may make a link
        Files.createFile(name);
      } else {
        Files.createSymbolicLink(name, tmp.resolve("nowhere"));
      }
    }
    List<String> planted = folder.entries();
    Process alive = folder.stoppedAt(Moment.EXTRACTED);
    List<String> others = folder.entries();
    assertEquals(planted.size() + Moment.EXTRACTED.entries(), others.size());
    ExtractionFolder.kill(folder.stoppedAt(Moment.EXTRACTED));
    assertEquals(others.size() + Moment.EXTRACTED.entries(), folder.entries().size());
    folder.load();
    assertEquals(others, folder.entries());
    Files.delete(tmp.resolve("selectors4j-0"));
    ExtractionFolder.kill(alive);
    folder.load();
    assertEquals(planted.subList(1, planted.size()), folder.entries());
  }

  @Test
  void theNextProcessRemovesWhatWasNotLockedYet() throws Exception {
    folder.slot(0, "rwx------"); // killed before it made a file
    Path shared = folder.slot(1, "rwx------"); // two, before they locked their files
    Files.createFile(shared.resolve("0-" + LIBRARY + ".lock"));
    Files.createFile(shared.resolve("1-" + LIBRARY + ".lock"));
    Files.writeString(folder.slot(2, "rwx------").resolve("2-" + LIBRARY + ".lock"), "removed");
    folder.load();
    assertEquals(List.of(), folder.entries());
  }

  /** Root could remove anybody's. */
  @Test
  void onlyTheSameUserRemovesIt(@TempDir Path copy) throws Exception {
    assumeTrue(ExtractionFolder.isRoot() && !Platform.isWindows(), "only root can be another user");
    String moment = Moment.HALF_WRITTEN.name();
    ExtractionFolder.kill(
        ExtractionFolder.startUntil(moment, folder.asNobody(copy, SteppedLoad.class, moment)));
    List<String> ofNobody = folder.entries();
    assertEquals(Moment.HALF_WRITTEN.entries(), ofNobody.size());
    folder.load();
    assertEquals(ofNobody, folder.entries());
    ExtractionFolder.kill(folder.stoppedAt(Moment.HALF_WRITTEN));
    List<String> ofRoot = new ArrayList<>(folder.entries());
    ofRoot.removeAll(ofNobody);
    assertEquals(Moment.HALF_WRITTEN.entries(), ofRoot.size());
    LoaderJvm.run(folder.asNobody(copy, LoadAttempt.class));
    assertEquals(ofRoot, folder.entries());
    folder.load();
    assertEquals(List.of(), folder.entries());
  }

  /** They make, find dead and remove each other's, and are killed at whatever they do. */
  @Test
  void processesAreKilledAtAnyMoment() throws Exception {
    for (int millis = 1; millis <= 32; millis *= 2) {
      List<Process> doomed = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        doomed.add(
            ExtractionFolder.startUntil(
                EndlessExtraction.EXTRACTED,
                LoaderJvm.command(folder.properties(), EndlessExtraction.class)));
      }
      Process living = LoaderJvm.start(LoaderJvm.command(folder.properties(), LoadAttempt.class));
      for (Process process : doomed) {
        Thread.sleep(millis);
        ExtractionFolder.kill(process);
      }
      assertEquals(List.of("loaded"), LoaderJvm.outputOf(living));
      folder.load();
      assertEquals(List.of(), folder.entries());
    }
  }

  /** Though it reads that file and closes it, as a JVM does before it loads it. */
  @Test
  void noLivingProcessLosesItsFileToOthers() throws Exception {
    List<String> command = LoaderJvm.command(folder.properties(), EndlessExtraction.class);
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      processes.add(LoaderJvm.start(command));
    }
    try {
      for (int times = 0; times < 1000; times++) {
        for (Process process : processes) {
          ExtractionFolder.awaitLine(process, EndlessExtraction.EXTRACTED);
        }
      }
    } finally {
      for (Process process : processes) {
        ExtractionFolder.end(process);
      }
    }
    folder.load();
    assertEquals(List.of(), folder.entries());
  }

  @Test
  void twentyProcessesAtOnceWhileSomeAreKilled() throws Exception {
    List<String> doom =
        LoaderJvm.command(folder.properties(), SteppedLoad.class, Moment.EXTRACTED.name());
    List<Process> processes = new ArrayList<>();
    List<Process> doomed = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      processes.add(LoaderJvm.start(LoaderJvm.command(folder.properties(), LoadAttempt.class)));
      doomed.add(LoaderJvm.start(doom));
    }
    for (Process process : doomed) {
      ExtractionFolder.awaitLine(process, Moment.EXTRACTED.name());
      ExtractionFolder.kill(process);
    }
    for (Process process : processes) {
      assertEquals(List.of("loaded"), LoaderJvm.outputOf(process));
    }
    folder.load();
    assertEquals(List.of(), folder.entries());
  }
}
