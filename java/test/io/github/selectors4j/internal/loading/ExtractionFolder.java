package io.github.selectors4j.internal.loading;

import static java.lang.ProcessBuilder.Redirect.DISCARD;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A folder that child JVMs extract the library into. */
record ExtractionFolder(Path path) {
  private static final int SIGKILLED = 128 + 9;

  Map<String, String> properties() {
    return Map.of(LibraryExtractor.TMPDIR, path.toString());
  }

  /**
   * Starts a process that loads the library and ends, which is all that cleans the folder. Windows
   * removes no library that is in use: what is left of this very process is removed here, as the
   * next would do.
   */
  void load() throws Exception {
    List<String> before = entries();
    assertEquals(List.of("loaded"), LoaderJvm.attempt(properties()));
    if (Platform.isWindows()) {
      List<String> left = new ArrayList<>(entries());
      left.removeAll(before);
      assertEquals(SteppedLoad.Moment.REMOVED.entries(), left.size(), left::toString);
      Collections.reverse(left);
      for (String entry : left) {
        Files.delete(path.resolve(entry));
      }
    }
  }

  /** A process that has come to a moment, and will go on after a byte of input. */
  Process stoppedAt(SteppedLoad.Moment moment) throws IOException {
    return startUntil(
        moment.name(), LoaderJvm.command(properties(), SteppedLoad.class, moment.name()));
  }

  /** A process that has printed that line. */
  static Process startUntil(String line, List<String> command) throws IOException {
    Process process = LoaderJvm.start(command);
    awaitLine(process, line);
    return process;
  }

  static void awaitLine(Process process, String line) throws IOException {
    assertEquals(line, process.inputReader(UTF_8).readLine());
  }

  /** Ends a process by SIGKILL, or what Windows has for that, which must not have ended already. */
  static void kill(Process process) throws Exception {
    assertTrue(process.isAlive(), () -> "ended by itself with " + process.exitValue());
    end(process);
    assertEquals(Platform.isWindows() ? 1 : SIGKILLED, process.exitValue(), "ended by itself");
  }

  /** Ends a process that may have ended. */
  static void end(Process process) throws Exception {
    process.destroyForcibly().waitFor();
    process.getOutputStream().close();
    process.getInputStream().close();
  }

  /** Lets a process go on, which has to get to its end. */
  static void goOn(Process process) throws Exception {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    assertEquals(List.of("done"), LoaderJvm.outputOf(process));
  }

  /** A directory that a process may have made. */
  Path slot(int slot, String permissions) throws IOException {
    return slot(Integer.toString(slot), permissions);
  }

  /** The same under a name that comes after the prefix. */
  Path slot(String slot, String permissions) throws IOException {
    Path directory = Files.createDirectory(path.resolve("selectors4j-" + slot));
    if (Platform.isWindows()) {
      return directory;
    }
    return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
  }

  /** All that is below the folder, sorted. */
  List<String> entries() throws IOException {
    try (Stream<Path> found = Files.walk(path)) {
      return found
          .filter(entry -> !entry.equals(path))
          .map(entry -> path.relativize(entry).toString().replace(File.separatorChar, '/'))
          .sorted()
          .toList();
    }
  }

  /**
   * The command that runs a program as a user without rights, if this user is root, and otherwise
   * as this user.
   *
   * @param copy an empty directory, for a class path that this user can read, and a JVM if need be
   */
  List<String> asNobody(Path copy, Class<?> main, String... arguments) throws Exception {
    if (!Files.exists(copy.resolve("io"))) {
      LibraryCopy.plain(copy);
    }
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    open(copy);
    List<String> command = new ArrayList<>();
    if (isRoot()) { // whom permissions don't stop
      command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    }
    command.add(reachableJava(copy, command));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:-UsePerfData"));
    command.addAll(List.of("-D" + LibraryExtractor.TMPDIR + "=" + path, "-cp", copy.toString()));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  /** This JVM's java, or a copy where a folder above it is closed to others, as root's home is. */
  private static String reachableJava(Path copy, List<String> asUser) throws Exception {
    Path home = Path.of(System.getProperty("java.home"));
    Path copied = copy.resolve("jvm");
    if (succeeds(asUser, home.resolve("bin/java").toString(), "-version")) {
      copied = home;
    } else if (!Files.exists(copied)) {
      Files.createDirectory(copied);
      for (String folder : List.of("bin", "conf", "lib")) {
        String from = home.resolve(folder).toString();
        assertTrue(succeeds(List.of(), "cp", "-rL", from, copied.toString()));
      }
      open(copied);
    }
    String java = copied.resolve("bin/java").toString();
    assumeTrue(succeeds(asUser, java, "-version"), "another user can't run " + home + " or a copy");
    return java;
  }

  /** Lets others read what is in a directory, whatever this user's umask is. */
  private static void open(Path directory) throws Exception {
    assertTrue(succeeds(List.of(), "chmod", "-R", "a+rX", directory.toString()));
  }

  private static boolean succeeds(List<String> prefix, String... command) throws Exception {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(all);
    return builder.redirectErrorStream(true).redirectOutput(DISCARD).start().waitFor() == 0;
  }

  static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }
}
