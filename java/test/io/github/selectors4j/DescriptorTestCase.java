package io.github.selectors4j;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;

/** A test that makes descriptors, and selectors, all of which are closed with it. */
public abstract class DescriptorTestCase {
  /** A number that no other descriptor of the process reaches by itself. */
  protected static final int HIGH_FD = Mechanisms.IN_QEMU ? 1000 : 4000;

  private final Deque<AutoCloseable> cleanups = new ArrayDeque<>();

  /** Closes the resource after the test, last in, first out. */
  protected final <T extends AutoCloseable> T addCleanup(T resource) {
    cleanups.push(resource);
    return resource;
  }

  /** A pipe that is closed after the test. */
  protected final TestDescriptor.Pair makePipe() {
    return withCleanup(TestDescriptor.pipe());
  }

  /** Two connected sockets that are closed after the test. */
  protected final TestDescriptor.Pair makeSocketPair() {
    return withCleanup(TestDescriptor.socketPair());
  }

  /** A number that is no open descriptor, and that no other thread gets meanwhile. */
  protected final int makeBadFd() {
    TestDescriptor.Pair pipe = makePipe();
    pipe.rd().moveTo(HIGH_FD).close();
    return HIGH_FD;
  }

  @AfterEach
  final void doCleanups() throws Exception {
    while (!cleanups.isEmpty()) {
      cleanups.pop().close();
    }
  }

  private TestDescriptor.Pair withCleanup(TestDescriptor.Pair pair) {
    addCleanup(pair.rd());
    addCleanup(pair.wr());
    return pair;
  }
}
