package io.github.selectors4j;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Many descriptors for the price of one file: all are ready when it is. Their numbers ascend. */
final class Duplicates implements AutoCloseable {
  private final List<Integer> fds = new ArrayList<>();

  private Duplicates() {}

  static Duplicates of(int fd, int count) {
    Duplicates duplicates = new Duplicates();
    for (int i = 0; i < count; i++) {
      duplicates.fds.add(TestLibrary.check(TestLibrary.dup(fd)));
    }
    // A number that the JVM gives back meanwhile comes later than higher ones.
    Collections.sort(duplicates.fds);
    return duplicates;
  }

  List<Integer> fds() {
    return fds;
  }

  @Override
  public void close() {
    for (int fd : fds) {
      TestLibrary.check(TestLibrary.close(fd));
    }
  }
}
