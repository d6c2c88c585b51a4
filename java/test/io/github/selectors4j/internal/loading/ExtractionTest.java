package io.github.selectors4j.internal.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.selectors4j.Mechanisms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar's copy of the library, extracted where anybody and anything may be. */
@Tag("mechanism-independent")
class ExtractionTest {
  private static final int SLOTS = 64;

  @TempDir Path tmp;
  private ExtractionFolder folder;

  @BeforeEach
  void useTemporaryFolder() {
    folder = new ExtractionFolder(tmp);
  }

  @Test
  void leavesNothingBehindAndPrintsNothing() throws Exception {
    folder.load();
    assertEquals(List.of(), folder.entries());
  }

  @Test
  void usesTheTempDirectoryByDefault() throws Exception {
    Map<String, String> properties = Map.of("java.io.tmpdir", tmp.toString());
    String moment = SteppedLoad.Moment.EXTRACTED.name();
    Process process =
        ExtractionFolder.startUntil(
            moment, LoaderJvm.command(properties, SteppedLoad.class, moment));
    assertEquals(SteppedLoad.Moment.EXTRACTED.entries(), folder.entries().size());
    ExtractionFolder.goOn(process);
    assertEquals(List.of(), folder.entries());
  }

  @Test
  void worksInAnInterruptedThread() throws Exception {
    assertEquals(
        List.of("loaded", "interrupted true"),
        LoaderJvm.run(LoaderJvm.command(folder.properties(), InterruptedLoad.class)));
    assertEquals(List.of(), folder.entries());
  }

  @Test
  void failsBelowAFile() throws Exception {
    Path file = Files.createFile(tmp.resolve("file"));
    assertFailure(
        LoaderJvm.attempt(Map.of(LibraryExtractor.TMPDIR, file.toString())), "FileSystemException");
    assertEquals(List.of("file"), folder.entries());
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
    assertEquals(List.of(), folder.entries());
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

  /** After the root, the directory and the lock's file. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void failsOnAFileSystemWithoutRoomForAFile(int files) throws Exception {
    assertFailure(onFileSystem("nr_inodes=" + files), "No space left on device");
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
        default -> folder.slot(slot, "rwxr-xr-x");
      }
    }
    List<String> before = folder.entries();
    folder.load();
    assertEquals(before, folder.entries());
  }

  @Test
  void leavesAloneWhatIsNotCertainlyItsOwn() throws Exception {
    Path victim = Files.createFile(tmp.resolve("victim"));
    Files.createFile(folder.slot(0, "rwx------").resolve("notes.txt"));
    Files.createFile(folder.slot(1, "rwxr-xr-x").resolve("0-libselectors4j.so.lock"));
    Path two = folder.slot(2, "rwx------");
    Files.createFile(two.resolve("0-libselectors4j.so.lock"));
    Files.createFile(two.resolve("notes.txt"));
    Path three = folder.slot(3, "rwx------");
    Files.createSymbolicLink(three.resolve("0-libselectors4j.so.lock"), victim);
    Path four = folder.slot(4, "rwx------");
    Files.createFile(four.resolve("0-libselectors4j.so.lock"));
    Files.createDirectory(four.resolve("0-libselectors4j.so"));
    Files.createDirectory(folder.slot(5, "rwx------").resolve("0-libselectors4j.so.lock"));
    Path six = folder.slot(6, "rwx------");
    Files.createFile(six.resolve("0-libselectors4j.so.lock"));
    Files.createSymbolicLink(six.resolve("0-libselectors4j.so"), victim);
    Files.createFile(folder.slot(7, "rwx------").resolve("0-libselectors4j.so"));
    List<String> before = folder.entries();
    folder.load();
    assertEquals(before, folder.entries());
  }

  /** Empty ones, as are left by a process that is killed before it makes a file. */
  @Test
  void leavesAloneDirectoriesWithNamesLikeItsOwn() throws Exception {
    Files.createFile(tmp.resolve("selectors4j-" + (SLOTS - 1))); // or no others are looked for
    Files.createTempDirectory(tmp, "selectors4j-");
    for (String name : List.of("64", "c0ffee", "build.x7", "64-", "64-x", "64-1.old", "x64-1")) {
      folder.slot(name, "rwx------");
    }
    List<String> before = folder.entries();
    folder.slot("64-0123456789abcdef", "rwx------");
    folder.load();
    assertEquals(before, folder.entries());
  }

  @Test
  void letsNobodyElseIn() throws Exception {
    String moment = SteppedLoad.Moment.EXTRACTED.name();
    Process process =
        ExtractionFolder.startUntil(
            moment,
            withUmask("000", LoaderJvm.command(folder.properties(), SteppedLoad.class, moment)));
    List<String> permissions = new ArrayList<>();
    for (String entry : folder.entries()) {
      permissions.add(
          PosixFilePermissions.toString(Files.getPosixFilePermissions(tmp.resolve(entry))));
    }
    assertEquals(List.of("rwx------", "rw-------", "rw-------"), permissions);
    ExtractionFolder.goOn(process);
  }

  @Test
  void worksUnderAStrictUmask(@TempDir Path copy) throws Exception {
    assertEquals(
        List.of("loaded"),
        LoaderJvm.run(withUmask("777", folder.asNobody(copy, LoadAttempt.class))));
    assertEquals(List.of(), folder.entries());
  }

  /** What the attempt prints when {@code tmp} is a file system of its own. */
  private List<String> onFileSystem(String options) throws Exception {
    List<String> command = new ArrayList<>(List.of("unshare", "--mount"));
    if (!ExtractionFolder.isRoot()) {
      command.add("--map-root-user");
    }
    String mount = "mount -t tmpfs -o " + options + " tmpfs '" + tmp + "'";
    List<String> probe = new ArrayList<>(command);
    probe.addAll(List.of("sh", "-c", mount));
    assumeTrue(
        new ProcessBuilder(probe).start().waitFor() == 0, "this user may not mount a file system");
    String list = "echo left behind: $(ls -A '" + tmp + "')";
    command.addAll(List.of("sh", "-c", mount + " && \"$@\" && " + list, "sh"));
    command.addAll(LoaderJvm.command(folder.properties(), LoadAttempt.class));
    List<String> output = LoaderJvm.run(command);
    assertEquals("left behind:", output.get(output.size() - 1));
    return output;
  }

  private static List<String> withUmask(String umask, List<String> command) {
    List<String> wrapped = new ArrayList<>(List.of("sh", "-c", "umask " + umask + "; exec \"$@\""));
    wrapped.add("sh");
    wrapped.addAll(command);
    return wrapped;
  }

  private static void assertFailure(List<String> output, String part) {
    assertEquals("failed", output.get(0));
    String error = output.get(1);
    assertTrue(error.startsWith("java.lang.UnsatisfiedLinkError: "), error);
    assertTrue(error.contains("-D" + LibraryExtractor.TMPDIR + "=<directory>"), error);
    assertTrue(error.contains(part), error);
    assertTrue(output.size() > 2, "no cause");
  }
}
