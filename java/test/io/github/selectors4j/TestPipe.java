package io.github.selectors4j;

/** A pipe of bare descriptors that is made readable and idle again, one byte at a time. */
final class TestPipe implements AutoCloseable {
  /**
   * A number that nobody but a test gives out: the lowest free ones, which a test may close, the
   * JVM may open again at any time.
   */
  static final int UNUSED = 900;

  private static final int STDERR = 2;

  /** The number of the end to read from; stays the same after {@link #closeSource()}. */
  final int source;

  /** The number of the end to write to. */
  final int sink;

  private boolean sourceOpen = true;
  private boolean sinkOpen = true;

  private TestPipe(int source, int sink) {
    this.source = source;
    this.sink = sink;
  }

  /** An idle pipe. */
  static TestPipe open() {
    int[] pair = new int[2];
    TestLibrary.check(TestLibrary.pipe(pair));
    return new TestPipe(pair[0], pair[1]);
  }

  /** An idle pipe whose end to read from has this number, which is free. */
  static TestPipe openAt(int source) {
    // Taken first, or the pipe may get it for one of its own.
    TestLibrary.check(TestLibrary.dup2(STDERR, source));
    TestPipe pipe = open();
    TestLibrary.check(TestLibrary.dup2(pipe.source, source));
    pipe.closeSource();
    return new TestPipe(source, pipe.sink);
  }

  /** A pipe with one byte to read. */
  static TestPipe readable() {
    TestPipe pipe = open();
    pipe.write();
    return pipe;
  }

  /** Writes one byte. */
  void write() {
    TestLibrary.write(sink, (byte) 1);
  }

  /** Writes until there is no room. */
  void fill() {
    TestLibrary.check(TestLibrary.setFl(sink, TestLibrary.getFl(sink) | TestLibrary.O_NONBLOCK));
    byte[] page = new byte[4096];
    while (TestLibrary.write(sink, page, page.length) > 0) {
      // more
    }
  }

  /** Reads one byte; waits for it if there is none. */
  void read() {
    TestLibrary.check(TestLibrary.read(source, new byte[1], 1));
  }

  /** Closes the end to read from, whoever watches it. */
  void closeSource() {
    TestLibrary.check(TestLibrary.close(source));
    sourceOpen = false;
  }

  /** Closes the end to write to, whoever watches it. */
  void closeSink() {
    TestLibrary.check(TestLibrary.close(sink));
    sinkOpen = false;
  }

  @Override
  public void close() {
    if (sourceOpen) {
      closeSource();
    }
    if (sinkOpen) {
      closeSink();
    }
  }
}
