package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Eventfds and pipes, which take the lowest free numbers, and show every write. */
public final class ForeignDescriptors implements AutoCloseable {
  private final int[] eventfds = new int[6];
  private final int[][] pipes = new int[2][2];

  /** Opens them. */
  public ForeignDescriptors() {
    for (int i = 0; i < eventfds.length; i++) {
      eventfds[i] = TestLibrary.check(TestLibrary.eventfd(0));
      TestLibrary.check(TestLibrary.setFl(eventfds[i], TestLibrary.O_NONBLOCK));
      if (i < pipes.length) {
        TestLibrary.check(TestLibrary.pipe(pipes[i]));
        TestLibrary.check(TestLibrary.setFl(pipes[i][0], TestLibrary.O_NONBLOCK));
      }
    }
  }

  /** Fails if somebody wrote to one of them. */
  public void assertUntouched() {
    byte[] bytes = new byte[8];
    for (int eventfd : eventfds) {
      assertEquals(
          -TestLibrary.EAGAIN, TestLibrary.read(eventfd, bytes, 8), "a foreign eventfd's count");
    }
    for (int[] pipe : pipes) {
      assertEquals(
          -TestLibrary.EAGAIN, TestLibrary.read(pipe[0], bytes, 8), "a foreign pipe's content");
    }
  }

  @Override
  public void close() {
    for (int eventfd : eventfds) {
      assertEquals(0, TestLibrary.close(eventfd), "a foreign eventfd was closed");
    }
    for (int[] pipe : pipes) {
      assertEquals(0, TestLibrary.close(pipe[0]), "a foreign pipe was closed");
      assertEquals(0, TestLibrary.close(pipe[1]), "a foreign pipe was closed");
    }
  }
}
