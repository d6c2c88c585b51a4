package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_HANGUP;
import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A number names a file again that was awaited under it before another one was, and that a
 * duplicate has kept in the set.
 */
@Timeout(60)
@RequiresMechanism(Mechanism.EPOLL)
class AwaiterReturnTest extends DescriptorTestCase {

  private static final int NUMBER = TestPipe.UNUSED;
  private static final int ROUNDS = 10;
  private static final Duration MOMENT = Duration.ofNanos(1);
  private static final Duration LONG = Duration.ofSeconds(30);

  private Awaiter awaiter;
  private int ready;

  @BeforeEach
  void open() throws Exception {
    awaiter = addCleanup(Awaiter.open(Mechanism.EPOLL));
    ready = addCleanup(new TestDescriptor(TestLibrary.eventfd(1))).fileno();
  }

  /** What a number is to name: all have files of their own, and counters share one inode. */
  private enum Kind {
    PIPE,
    SOCKET,
    COUNTER;

    Awaited open() {
      if (this == COUNTER) {
        TestDescriptor counter = new TestDescriptor(TestLibrary.eventfd(0));
        return new Awaited(counter, counter);
      }
      TestDescriptor.Pair pair = this == PIPE ? TestDescriptor.pipe() : TestDescriptor.socketPair();
      return new Awaited(pair.rd(), pair.wr());
    }
  }

  /** A file, and what makes it ready. */
  private record Awaited(TestDescriptor file, TestDescriptor peer) implements AutoCloseable {
    void place() {
      TestLibrary.check(TestLibrary.dup2(file.fileno(), NUMBER));
    }

    void makeReadable() {
      byte[] one = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(1).array();
      TestLibrary.check(TestLibrary.write(peer.fileno(), one, one.length));
    }

    void end() {
      peer.close();
    }

    @Override
    public void close() {
      file.close();
      peer.close();
    }
  }

  private interface Trial {
    void run(Awaited first, Awaited second) throws Exception;
  }

  /** The first file was awaited under the number, which names the second one. */
  private void repeat(List<Kind> kinds, Trial trial) throws Exception {
    for (Kind kind : kinds) {
      for (int round = 0; round < ROUNDS; round++) {
        try (Awaited first = kind.open();
            Awaited second = kind.open()) {
          first.place();
          assertEquals(0, awaiter.await(NUMBER, EVENT_READ | EVENT_HANGUP, MOMENT));
          second.place();
          trial.run(first, second);
        } finally {
          TestLibrary.check(TestLibrary.close(NUMBER));
        }
      }
    }
  }

  /** All that was ready has been told by then. */
  private void settle() throws Exception {
    for (int times = 0; times < 2; times++) {
      assertEquals(EVENT_READ, awaiter.await(ready, EVENT_READ));
    }
  }

  /** Who awaits the first is told of it, and who awaited the second is let go. */
  private static void assertTellsTheOther(Awaited first, AwaitThread other, AwaitThread waiting)
      throws Exception {
    first.makeReadable();
    assertEquals(EVENT_READ, other.result());
    assertSame(AsynchronousCloseException.class, waiting.failure());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.github.selectors4j.ThreadKinds#named")
  void whoAwaitsTheSecondIsNotToldOfTheFirst(ThreadFactory threads) throws Exception {
    repeat(
        List.of(Kind.values()),
        (first, second) -> {
          try (var waiting = AwaitThread.start(threads, awaiter, NUMBER, EVENT_READ)) {
            first.place();
            try (var other = AwaitThread.start(threads, awaiter, NUMBER, EVENT_READ, LONG)) {
              second.makeReadable();
              settle();
              assertFalse(other.isDone());
              assertTellsTheOther(first, other, waiting);
            }
          }
        });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.github.selectors4j.ThreadKinds#named")
  void norIfTheSecondIsClosed(ThreadFactory threads) throws Exception {
    repeat(
        List.of(Kind.values()),
        (first, second) -> {
          try (var waiting = AwaitThread.start(threads, awaiter, NUMBER, EVENT_READ)) {
            first.place();
            second.close();
            try (var other = AwaitThread.start(threads, awaiter, NUMBER, EVENT_READ, LONG)) {
              assertTellsTheOther(first, other, waiting);
            }
          }
        });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.github.selectors4j.ThreadKinds#named")
  void whoGivesUpIsNotToldOfTheFirst(ThreadFactory threads) throws Exception {
    repeat(
        List.of(Kind.values()),
        (first, second) -> {
          try (var one = AwaitThread.start(threads, awaiter, NUMBER, EVENT_READ);
              var waiting = AwaitThread.start(threads, awaiter, NUMBER, EVENT_READ)) {
            first.place();
            first.makeReadable();
            one.thread().interrupt();
            assertSame(InterruptedException.class, one.failure());
            waiting.thread().interrupt();
            assertSame(InterruptedException.class, waiting.failure());
          }
        });
  }

  /** Who is left after a report is armed for again by the number. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("io.github.selectors4j.ThreadKinds#named")
  void whoGoesOnIsNotToldOfTheFirst(ThreadFactory threads) throws Exception {
    repeat(
        List.of(Kind.PIPE, Kind.SOCKET),
        (first, second) -> {
          try (var waiting = AwaitThread.start(threads, awaiter, NUMBER, EVENT_HANGUP);
              var reader = AwaitThread.start(threads, awaiter, NUMBER, EVENT_READ)) {
            first.place();
            first.end();
            second.makeReadable();
            assertEquals(EVENT_READ, reader.result());
            settle();
            assertFalse(waiting.isDone());
            second.place();
            second.end();
            // Nothing has armed for that since, but the last look finds it.
            waiting.thread().interrupt();
            assertEquals(EVENT_HANGUP, waiting.result());
          }
        });
  }

  /** Armed by the number while that named it for a moment, it may report at any time after. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("io.github.selectors4j.ThreadKinds#named")
  void whoGoesOnIsNeverToldOfTheFirst(ThreadFactory threads) throws Exception {
    repeat(
        List.of(Kind.PIPE, Kind.SOCKET),
        (first, second) -> {
          try (var waiting = AwaitThread.start(threads, awaiter, NUMBER, EVENT_HANGUP);
              var reader = AwaitThread.start(threads, awaiter, NUMBER, EVENT_READ)) {
            first.place();
            second.makeReadable();
            assertEquals(EVENT_READ, reader.result());
            settle();
            second.place();
            assertEquals(EVENT_READ, awaiter.await(NUMBER, EVENT_READ));
            first.end();
            settle();
            assertFalse(waiting.isDone());
            second.end();
            assertEquals(EVENT_HANGUP, waiting.result());
          }
        });
  }

  /** The system lets nobody look for want of descriptors: that is done as soon as it does. */
  @SuppressWarnings("try") // it is there, and that is all
  @ParameterizedTest(name = "{0}")
  @MethodSource("io.github.selectors4j.ThreadKinds#named")
  void whoCannotLookDoesSoLater(ThreadFactory threads) throws Exception {
    repeat(
        List.of(Kind.PIPE, Kind.COUNTER),
        (first, second) -> {
          try (var waiting = AwaitThread.start(threads, awaiter, NUMBER, EVENT_READ)) {
            assertEquals(0, awaiter.await(NUMBER, EVENT_READ, MOMENT));
            try (ScarceDescriptors scarce = ScarceDescriptors.none()) {
              assertEquals(0, awaiter.await(NUMBER, EVENT_READ, MOMENT));
            }
            first.place();
            try (var other = AwaitThread.start(threads, awaiter, NUMBER, EVENT_READ, LONG)) {
              assertTellsTheOther(first, other, waiting);
            }
          }
        });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.github.selectors4j.ThreadKinds#named")
  void allWhoAwaitTheSecondAreTold(ThreadFactory threads) throws Exception {
    repeat(
        List.of(Kind.values()),
        (first, second) -> {
          for (boolean isLeft : new boolean[] {true, false}) {
            if (!isLeft) {
              first.close();
            }
            try (var one = AwaitThread.start(threads, awaiter, NUMBER, EVENT_READ);
                var other = AwaitThread.start(threads, awaiter, NUMBER, EVENT_READ)) {
              second.makeReadable();
              assertEquals(EVENT_READ, one.result());
              assertEquals(EVENT_READ, other.result());
            }
            TestLibrary.check(TestLibrary.read(NUMBER, new byte[8], 8));
          }
        });
  }
}
