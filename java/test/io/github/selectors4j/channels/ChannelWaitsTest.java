package io.github.selectors4j.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.SelectThread;
import io.github.selectors4j.TestLibrary;
import io.github.selectors4j.ThreadKinds;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What waits, and what ends it. */
@Tag("mechanism-independent")
@Timeout(60)
class ChannelWaitsTest extends ChannelTestCase {

  @ParameterizedTest
  @EnumSource
  void aReadWaitsForBytes(FileKind kind) throws Exception {
    for (ThreadFactory threads : ThreadKinds.all()) {
      Ends ends = open(kind);
      try (var reader = SelectThread.start(threads, reading(ends.source()))) {
        reader.awaitBlocked();
        assertEquals(1, ends.sink().write(ByteBuffer.allocate(1)));
        assertEquals(1, reader.result());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWriteWaitsForRoom(FileKind kind) throws Exception {
    for (ThreadFactory threads : ThreadKinds.all()) {
      Ends ends = open(kind);
      ends.fill();
      try (var writer = SelectThread.start(threads, writing(ends.sink()))) {
        writer.awaitBlocked();
        while (!writer.isDone()) {
          ends.drain();
        }
        assertEquals(1, writer.result());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChannelThatDoesNotBlockReturnsNothing(FileKind kind) throws Exception {
    Ends ends = open(kind);
    assertTrue(ends.source().isBlocking());
    assertSame(ends.source(), ends.source().configureBlocking(false));
    assertFalse(ends.source().isBlocking());
    assertEquals(0, ends.source().read(ByteBuffer.allocate(1)));
    assertEquals(0, ends.source().read(ByteBuffer.allocateDirect(1)));
    assertEquals(0, ends.source().read(new ByteBuffer[] {ByteBuffer.allocate(1)}));
    ends.fill();
    ends.sink().configureBlocking(false);
    assertEquals(0, ends.sink().write(ByteBuffer.allocateDirect(1)));
    assertEquals(0, ends.sink().write(new ByteBuffer[] {ByteBuffer.allocate(1)}));
  }

  @ParameterizedTest
  @EnumSource
  void aWriteThatBlocksWritesAll(FileKind kind) throws Exception {
    Ends ends = open(kind);
    int size = 300_000;
    try (var writer = SelectThread.start(() -> ends.sink().write(ByteBuffer.allocate(size)))) {
      int left = size;
      for (ByteBuffer bytes = ByteBuffer.allocate(5000); left > 0; ) {
        left -= ends.source().read(bytes.clear());
      }
      assertEquals(0, left);
      assertEquals(size, writer.result());
    }
  }

  @ParameterizedTest
  @EnumSource
  void closeEndsARead(FileKind kind) throws Exception {
    Ends ends = open(kind);
    assertCloseEnds(ends.source(), reading(ends.source()), ends.sourceFd());
  }

  @ParameterizedTest
  @EnumSource
  void closeEndsAWrite(FileKind kind) throws Exception {
    Ends ends = open(kind);
    ends.fill();
    assertCloseEnds(ends.sink(), writing(ends.sink()), ends.sinkFd());
  }

  private static void assertCloseEnds(DescriptorChannel channel, Callable<Integer> call, int fd)
      throws Exception {
    try (var first = SelectThread.startBlocked(call);
        var second = SelectThread.startBlocked(call)) {
      int flags = TestLibrary.getFl(fd);
      channel.close();
      assertSame(AsynchronousCloseException.class, first.failure().getClass());
      assertSame(AsynchronousCloseException.class, second.failure().getClass());
      assertEquals(flags, TestLibrary.getFl(fd), "the borrowed number is as it was");
    }
    assertThrows(ClosedChannelException.class, call::call);
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptEndsARead(FileKind kind) throws Exception {
    for (ThreadFactory threads : ThreadKinds.all()) {
      Ends ends = open(kind);
      assertInterruptEnds(threads, ends.source(), reading(ends.source()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptEndsAWrite(FileKind kind) throws Exception {
    for (ThreadFactory threads : ThreadKinds.all()) {
      Ends ends = open(kind);
      ends.fill();
      assertInterruptEnds(threads, ends.sink(), writing(ends.sink()));
    }
  }

  private static void assertInterruptEnds(
      ThreadFactory threads, DescriptorChannel channel, Callable<Integer> call) throws Exception {
    try (var other = SelectThread.startBlocked(call);
        var interrupted =
            SelectThread.start(
                threads,
                () -> {
                  assertThrows(ClosedByInterruptException.class, call::call);
                  return Thread.interrupted();
                })) {
      interrupted.awaitBlocked();
      interrupted.thread().interrupt();
      assertTrue(interrupted.result(), "the status stays set");
      assertSame(AsynchronousCloseException.class, other.failure().getClass());
      assertFalse(channel.isOpen());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptBeforeClosesAChannelThatBlocks(FileKind kind) throws Exception {
    Ends ends = open(kind);
    ends.sink().write(ByteBuffer.allocate(2));
    ends.source().configureBlocking(false);
    Thread.currentThread().interrupt();
    assertEquals(1, ends.source().read(ByteBuffer.allocate(1)));
    ends.source().configureBlocking(true);
    assertThrows(
        ClosedByInterruptException.class, () -> ends.source().read(ByteBuffer.allocate(1)));
    assertTrue(Thread.interrupted());
    assertFalse(ends.source().isOpen());
  }

  /** poll(2) says that a terminal has room when it has too little, and the write waits inside. */
  @Test
  void aWriteInsideItsCallIsSignalled() throws Exception {
    for (boolean isInterrupted : new boolean[] {false, true}) {
      Ends ends = open(FileKind.TERMINAL);
      ends.fill();
      try (var writer =
          SelectThread.start(() -> ends.sink().write(ByteBuffer.allocate(10_000_000)))) {
        while (!isIn(writer, "write")) {
          ends.source().read(ByteBuffer.allocate(100)); // a little room
        }
        if (isInterrupted) {
          writer.thread().interrupt();
          assertSame(ClosedByInterruptException.class, writer.failure().getClass());
        } else {
          ends.sink().close();
          assertSame(AsynchronousCloseException.class, writer.failure().getClass());
        }
      }
    }
  }

  /** Somebody clears O_NONBLOCK behind the channel's back, and a read waits inside its call. */
  @Test
  void aReadInsideItsCallIsSignalled() throws Exception {
    for (ThreadFactory threads : ThreadKinds.all()) {
      Ends ends = open(FileKind.NON_BLOCKING_PIPE);
      FileKind.setNonBlocking(ends.sourceFd(), false);
      try (var reader = SelectThread.start(threads, reading(ends.source()))) {
        while (!isIn(reader, "read")) {
          Thread.onSpinWait(); // still in the system calls of a first turn
        }
        ends.source().close();
        assertSame(AsynchronousCloseException.class, reader.failure().getClass());
      }
    }
  }

  /** The other way round: somebody sets it, as the JDK does for virtual threads. */
  @Test
  void oNonblockThatIsSetLaterMakesNoDifference() throws Exception {
    for (FileKind kind : FileKind.values()) {
      Ends ends = open(kind);
      FileKind.setNonBlocking(ends.sourceFd(), true);
      try (var reader = SelectThread.startBlocked(reading(ends.source()))) {
        ends.sink().write(ByteBuffer.allocate(1));
        assertEquals(1, reader.result());
      }
      assertTrue((TestLibrary.getFl(ends.sourceFd()) & TestLibrary.O_NONBLOCK) != 0);
    }
  }

  /** Whether the thread sleeps in that call. */
  private static boolean isIn(SelectThread<?> thread, String call) {
    assertFalse(thread.isDone());
    return thread.sleepsIn(call);
  }
}
