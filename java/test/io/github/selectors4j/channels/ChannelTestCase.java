package io.github.selectors4j.channels;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.DescriptorTestCase;
import io.github.selectors4j.Interposed;
import io.github.selectors4j.TestLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** A test of channels over two descriptors that are its own. */
abstract class ChannelTestCase extends DescriptorTestCase {

  private static final int SETTLED_MILLIS = 20;

  /** What Linux' terminals hold for who reads, beside what is on its way to that. */
  private static final int TERMINAL_HOLDS = 4095;

  private static final long PATIENCE_NANOS = 30_000_000_000L;

  /** Two channels that borrow, and the numbers below them. */
  record Ends(
      FileKind kind, DescriptorChannel source, DescriptorChannel sink, int sourceFd, int sinkFd) {

    /** Writes until there is no more room. */
    void fill() throws IOException {
      sink.configureBlocking(false);
      do {
        for (ByteBuffer bytes = ByteBuffer.allocate(1024); sink.write(bytes.clear()) > 0; ) {}
        for (ByteBuffer one = ByteBuffer.allocate(1); sink.write(one.clear()) > 0; ) {}
        // It hands over to its other side some time later, and has room again.
        if (kind == FileKind.TERMINAL) {
          awaitAvailable(TERMINAL_HOLDS);
        }
      } while (TestLibrary.poll(sinkFd, TestLibrary.POLLOUT, SETTLED_MILLIS) != 0);
      sink.configureBlocking(true);
    }

    /** Waits until there is so much to read: a terminal hands over some time after the write. */
    void awaitAvailable(int bytes) {
      long start = System.nanoTime();
      while (TestLibrary.available(sourceFd) != bytes) {
        assertTrue(System.nanoTime() - start < PATIENCE_NANOS, "what was written does not come");
        LockSupport.parkNanos(10_000);
      }
    }

    /** Reads until there is nothing more. */
    void drain() throws IOException {
      source.configureBlocking(false);
      for (ByteBuffer bytes = ByteBuffer.allocate(1024); source.read(bytes.clear()) > 0; ) {}
      source.configureBlocking(true);
    }
  }

  /** Opens descriptors, and channels over them. */
  final Ends open(FileKind kind) throws IOException {
    int[] fds = kind.open();
    for (int fd : fds) {
      Interposed.lendIfThere(fd, false);
      addCleanup(
          () -> {
            Interposed.takeBackIfThere(fd);
            TestLibrary.check(TestLibrary.close(fd));
          });
    }
    return new Ends(
        kind,
        addCleanup(DescriptorChannel.of(fds[0])),
        addCleanup(DescriptorChannel.of(fds[1])),
        fds[0],
        fds[1]);
  }

  /** A read of one byte. */
  static Callable<Integer> reading(DescriptorChannel channel) {
    return () -> channel.read(ByteBuffer.allocate(1));
  }

  /** A write of one byte. */
  static Callable<Integer> writing(DescriptorChannel channel) {
    return () -> channel.write(ByteBuffer.allocate(1));
  }
}
