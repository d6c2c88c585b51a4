package io.github.selectors4j.channels;

import io.github.selectors4j.TestLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Two descriptors, what is written to the second of which is read from the first. */
enum FileKind {
  PIPE,
  NON_BLOCKING_PIPE,
  SOCKETS,
  TERMINAL,
  NAMED_PIPE;

  /** Opens them: one to read from, one to write to. */
  int[] open() throws IOException {
    int[] ends = new int[2];
    switch (this) {
      case PIPE -> TestLibrary.check(TestLibrary.pipe(ends));
      case NON_BLOCKING_PIPE -> {
        TestLibrary.check(TestLibrary.pipe(ends));
        setNonBlocking(ends[0], true);
        setNonBlocking(ends[1], true);
      }
      case SOCKETS -> TestLibrary.check(TestLibrary.socketpair(ends));
      case TERMINAL -> TestLibrary.check(TestLibrary.openpty(ends));
      case NAMED_PIPE -> openNamedPipe(ends);
    }
    return ends;
  }

  /** Whether a call on it can't block, or says so. */
  boolean neverBlocks() {
    return this != TERMINAL && this != NAMED_PIPE;
  }

  static void setNonBlocking(int fd, boolean nonBlocking) {
    int flags = TestLibrary.check(TestLibrary.getFl(fd));
    TestLibrary.check(
        TestLibrary.setFl(
            fd, nonBlocking ? flags | TestLibrary.O_NONBLOCK : flags & ~TestLibrary.O_NONBLOCK));
  }

  private static void openNamedPipe(int[] ends) throws IOException {
    Path folder = Files.createTempDirectory("selectors4j");
    String path = folder.resolve("pipe").toString();
    TestLibrary.check(TestLibrary.mkfifo(path));
    int both = TestLibrary.check(TestLibrary.open(path, TestLibrary.O_RDWR));
    ends[0] =
        TestLibrary.check(TestLibrary.open(path, TestLibrary.O_RDONLY | TestLibrary.O_CLOEXEC));
    ends[1] =
        TestLibrary.check(TestLibrary.open(path, TestLibrary.O_WRONLY | TestLibrary.O_CLOEXEC));
    TestLibrary.check(TestLibrary.close(both));
    Files.delete(Path.of(path));
    Files.delete(folder);
  }
}
