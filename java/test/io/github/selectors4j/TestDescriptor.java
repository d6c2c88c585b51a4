package io.github.selectors4j;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A descriptor of the test's own, as a Python socket is: a file object until it is closed. */
public final class TestDescriptor implements HasFileno, AutoCloseable {
  private int fd;

  /** Takes over {@code fd}, or fails if it is {@code -errno}. */
  public TestDescriptor(int fd) {
    this.fd = TestLibrary.check(fd);
  }

  /** What reads, and what writes to it. Both do both if they are sockets. */
  public record Pair(TestDescriptor rd, TestDescriptor wr) {
    private Pair(int[] descriptors) {
      this(new TestDescriptor(descriptors[0]), new TestDescriptor(descriptors[1]));
    }
  }

  /** A pipe. */
  public static Pair pipe() {
    int[] ends = new int[2];
    TestLibrary.check(TestLibrary.pipe(ends));
    return new Pair(ends);
  }

  /** Two connected stream sockets. */
  public static Pair socketPair() {
    int[] ends = new int[2];
    TestLibrary.check(TestLibrary.socketpair(ends));
    return new Pair(ends);
  }

  /** The descriptor; -1 once closed, as Python's sockets have it. */
  @Override
  public int fileno() {
    return fd;
  }

  /** Writes all of a short text. */
  public void write(String text) {
    TestLibrary.write(fd, text.getBytes(UTF_8));
  }

  /** Reads once; empty at the end of the stream. */
  public String read() {
    return new String(TestLibrary.read(fd), UTF_8);
  }

  /** Goes on under another number, high enough that nobody gets it again after a close. */
  public TestDescriptor moveTo(int number) {
    TestLibrary.check(TestLibrary.dup2(fd, number));
    TestLibrary.check(TestLibrary.close(fd));
    fd = number;
    return this;
  }

  @Override
  public void close() {
    if (fd >= 0) {
      TestLibrary.check(TestLibrary.close(fd));
      fd = -1;
    }
  }

  @Override
  public String toString() {
    return "TestDescriptor " + fd;
  }
}
