package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.internal.fileobject.FileObjects;
import io.github.selectors4j.select.Poll;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/** A test that starts children, all of which are ended with it. */
abstract class ChildTestCase extends DescriptorTestCase {

  static final Duration LONG = Duration.ofSeconds(30);

  /** A child that is ended after the test, and whose streams are closed. */
  final Process child(String... command) throws Exception {
    Process child = new ProcessBuilder(command).start();
    addCleanup(child.getInputStream());
    addCleanup(child.getErrorStream());
    addCleanup(
        () -> {
          child.destroyForcibly().waitFor();
          try {
            child.getOutputStream().close();
          } catch (IOException unwritten) {
            // Its reader is gone.
          }
        });
    return child;
  }

  /** A child that reads nothing, and whose pipe is full. */
  final Process full() throws Exception {
    Process child = child("sleep", "1000");
    fill(child);
    return child;
  }

  /** Leaves no room in the pipe to a child that reads nothing, however large that is. */
  static void fill(Process child) throws IOException {
    int fd = FileObjects.descriptor(child.getOutputStream());
    byte[] piece = new byte[4096];
    while (TestLibrary.poll(fd, Poll.POLLOUT, 0) == Poll.POLLOUT) {
      TestLibrary.write(fd, piece);
    }
  }

  /** Waits until the JDK has closed the input of a child that has ended. */
  static void awaitClosed(OutputStream input) {
    for (long start = System.nanoTime(); FileObjects.descriptorIfAny(input) >= 0; ) {
      assertTrue(System.nanoTime() - start < LONG.toNanos(), "the JDK does not close the input");
      Thread.onSpinWait();
    }
  }
}
