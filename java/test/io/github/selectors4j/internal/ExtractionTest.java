package io.github.selectors4j.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.selectors4j.ChildJvm;
import io.github.selectors4j.Mechanisms;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar's copy of the library, extracted where anybody and anything may be. */
@Tag("mechanism-independent")
class ExtractionTest {
  private static final int SLOTS = 64;

  @TempDir Path tmp;

  @Test
  void leavesNothingBehindAndPrintsNothing() throws Exception {
    loads();
    assertEquals(List.of(), entries(tmp));
  }

  @Test
  void usesTheTempDirectoryByDefault() throws Exception {
    Map<String, String> properties = Map.of("java.io.tmpdir", tmp.toString());
    Process process = LoaderJvm.start(LoaderJvm.command(properties, ExtractAndWait.class));
    assertEquals("extracted", process.inputReader(UTF_8).readLine());
    assertEquals(2, entries(tmp).size());
    process.getOutputStream().close();
    assertEquals(List.of(), LoaderJvm.outputOf(process));
    assertEquals(List.of(), entries(tmp));
  }

  @Test
  void worksInAnInterruptedThread() throws Exception {
    assertEquals(
        List.of("loaded", "interrupted true"),
        LoaderJvm.run(LoaderJvm.command(properties(), InterruptedLoad.class)));
    assertEquals(List.of(), entries(tmp));
  }

  @Test
  void failsBelowAFile() throws Exception {
    Path file = Files.createFile(tmp.resolve("file"));
    assertFailure(
        LoaderJvm.attempt(Map.of(LibraryExtractor.TMPDIR, file.toString())), "FileSystemException");
  }

  /** As by a name beyond ASCII in the locale of a bare container. */
  @Test
  void failsBelowANameThatTheLocaleCannotSay() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            LoaderJvm.command(
                Map.of(LibraryExtractor.TMPDIR, tmp.resolve("x") + "\ufffd"), LoadAttempt.class));
    builder.environment().put("LC_ALL", "C");
    assertFailure(LoaderJvm.outputOf(builder.start()), tmp.toString());
  }

  @Test
  void failsOnAReadOnlyFileSystem() throws Exception {
    assertFailure(onFileSystem("ro"), "Read-only file system");
  }

  @Test
  void failsOnAFileSystemWithoutExecution() throws Exception {
    assumeFalse(Mechanisms.IN_QEMU, "qemu-user executes what it has read, from anywhere");
    assertFailure(onFileSystem("noexec"), "UnsatisfiedLinkError");
  }

  @Test
  void failsOnAFullFileSystem() throws Exception {
    assertFailure(onFileSystem("size=4k"), "No space left on device");
  }

  @Test
  void failsOnAFileSystemWithoutRoomForAFile() throws Exception {
    assertFailure(onFileSystem("nr_inodes=2"), "No space left on device");
  }

  @Test
  void passesOverWhateverHasItsNames() throws Exception {
    Path victim = Files.createDirectory(tmp.resolve("victim"));
    Files.createFile(victim.resolve("0-libselectors4j.so"));
    for (int slot = 0; slot < SLOTS; slot++) {
      Path planted = tmp.resolve("selectors4j-" + slot);
      switch (slot % 4) {
        case 0 -> Files.createSymbolicLink(planted, victim);
        case 1 -> Files.createSymbolicLink(planted, tmp.resolve("nowhere"));
        case 2 -> Files.createFile(planted);
        default -> Files.createDirectory(planted);
      }
    }
    List<String> before = entries(tmp);
    loads();
    assertEquals(before, entries(tmp));
  }

  @Test
  void leavesAloneWhatIsNotCertainlyItsOwn() throws Exception {
    Path victim = Files.createFile(tmp.resolve("victim"));
    Files.createFile(slot(0, "rwx------").resolve("notes.txt"));
    Files.createFile(slot(1, "rwxr-xr-x").resolve("0-libselectors4j.so"));
    Path two = slot(2, "rwx------");
    Files.createFile(two.resolve("0-libselectors4j.so"));
    Files.createFile(two.resolve("notes.txt"));
    Files.createSymbolicLink(slot(3, "rwx------").resolve("0-libselectors4j.so"), victim);
    Files.createDirectory(slot(4, "rwx------").resolve("0-libselectors4j.so"));
    List<String> before = entries(tmp);
    loads();
    assertEquals(before, entries(tmp));
  }

  @Test
  void removesWhatKilledProcessesLeft() throws Exception {
    slot(0, "rwx------"); // killed before it made the file
    Path shared = slot(1, "rwx------"); // two, before they locked their files
    Files.createFile(shared.resolve("0-libselectors4j.so"));
    Files.createFile(shared.resolve("1-libselectors4j.so"));
    Process process = LoaderJvm.start(LoaderJvm.command(properties(), ExtractAndWait.class));
    assertEquals("extracted", process.inputReader(UTF_8).readLine());
    process.destroyForcibly().waitFor();
    process.getOutputStream().close();
    assertEquals(6, entries(tmp).size(), "three slots, three files");
    loads();
    assertEquals(List.of(), entries(tmp));
  }

  @Test
  void leavesAloneWhatALivingProcessUses() throws Exception {
    Process process = LoaderJvm.start(LoaderJvm.command(properties(), ExtractAndWait.class));
    BufferedReader output = process.inputReader(UTF_8);
    assertEquals("extracted", output.readLine());
    List<String> before = entries(tmp);
    loads();
    assertEquals(before, entries(tmp));
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    assertEquals(List.of("loaded"), LoaderJvm.outputOf(process));
    assertEquals(List.of(), entries(tmp));
  }

  @Test
  void twentyProcessesAtOnceWhileSomeAreKilled() throws Exception {
    List<Process> processes = new ArrayList<>();
    List<Process> doomed = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      processes.add(LoaderJvm.start(LoaderJvm.command(properties(), LoadAttempt.class)));
      doomed.add(LoaderJvm.start(LoaderJvm.command(properties(), ExtractAndWait.class)));
    }
    for (Process process : doomed) {
      assertEquals("extracted", process.inputReader(UTF_8).readLine());
      process.destroyForcibly().waitFor();
      process.getOutputStream().close();
    }
    for (Process process : processes) {
      assertEquals(List.of("loaded"), LoaderJvm.outputOf(process));
    }
    loads();
    assertEquals(List.of(), entries(tmp));
  }

  @Test
  void letsNobodyElseIn() throws Exception {
    Process process =
        LoaderJvm.start(withUmask("000", LoaderJvm.command(properties(), ExtractAndWait.class)));
    assertEquals("extracted", process.inputReader(UTF_8).readLine());
    Path slot = tmp.resolve("selectors4j-0");
    Path file = tmp.resolve(entries(tmp).get(1));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(slot)));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    process.getOutputStream().close();
    assertEquals(List.of(), LoaderJvm.outputOf(process));
  }

  @Test
  void worksUnderAStrictUmask(@TempDir Path copy) throws Exception {
    LibraryCopy.plain(copy);
    Files.setPosixFilePermissions(tmp, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> command = new ArrayList<>();
    if (isRoot()) { // whom permissions don't stop
      command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    }
    command.add(ChildJvm.command(Map.of(), "", "").get(0));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:-UsePerfData"));
    command.addAll(List.of("-D" + LibraryExtractor.TMPDIR + "=" + tmp, "-cp", copy.toString()));
    command.add(LoadAttempt.class.getName());
    assertEquals(List.of("loaded"), LoaderJvm.run(withUmask("777", command)));
    assertEquals(List.of(), entries(tmp));
  }

  private Map<String, String> properties() {
    return Map.of(LibraryExtractor.TMPDIR, tmp.toString());
  }

  private void loads() throws Exception {
    assertEquals(List.of("loaded"), LoaderJvm.attempt(properties()));
  }

  /** What the attempt prints when {@code tmp} is a file system of its own. */
  private List<String> onFileSystem(String options) throws Exception {
    List<String> command = new ArrayList<>(List.of("unshare", "--mount"));
    if (!isRoot()) {
      command.add("--map-root-user");
    }
    String mount = "mount -t tmpfs -o " + options + " tmpfs '" + tmp + "'";
    List<String> probe = new ArrayList<>(command);
    probe.addAll(List.of("sh", "-c", mount));
    assumeTrue(
        new ProcessBuilder(probe).start().waitFor() == 0, "this user may not mount a file system");
    command.addAll(List.of("sh", "-c", mount + " && exec \"$@\"", "sh"));
    command.addAll(LoaderJvm.command(properties(), LoadAttempt.class));
    return LoaderJvm.run(command);
  }

  private static List<String> withUmask(String umask, List<String> command) {
    List<String> wrapped = new ArrayList<>(List.of("sh", "-c", "umask " + umask + "; exec \"$@\""));
    wrapped.add("sh");
    wrapped.addAll(command);
    return wrapped;
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private Path slot(int slot, String permissions) throws IOException {
    Path directory = Files.createDirectory(tmp.resolve("selectors4j-" + slot));
    return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
  }

  private static void assertFailure(List<String> output, String part) {
    assertEquals("failed", output.get(0));
    String error = output.get(1);
    assertTrue(error.startsWith("java.lang.UnsatisfiedLinkError: "), error);
    assertTrue(error.contains("-D" + LibraryExtractor.TMPDIR + "=<directory>"), error);
    assertTrue(error.contains(part), error);
    assertTrue(output.size() > 2, "no cause");
  }

  /** All that is below a directory, sorted. */
  private static List<String> entries(Path directory) throws IOException {
    try (Stream<Path> found = Files.walk(directory)) {
      return found
          .filter(entry -> !entry.equals(directory))
          .map(entry -> directory.relativize(entry).toString())
          .sorted()
          .toList();
    }
  }
}
