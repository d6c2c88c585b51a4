package io.github.selectors4j.channels;

import io.github.selectors4j.CloseRace;
import io.github.selectors4j.Interposed;
import io.github.selectors4j.Rendezvous;
import io.github.selectors4j.TestLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * close against reads, writes and interrupts, while others get the number that it releases. With an
 * interposed library, a ledger tells whether one is used or closed by whom it does not belong to.
 */
@Tag("mechanism-independent")
@Tag(Interposed.TOO)
@Timeout(120)
class ChannelRaceTest {

  private static final int ROUNDS = 10_000;

  /** A call that another thread makes while the channel is closed. */
  private interface Call extends CloseRace.Call<Subject> {}

  /** A channel that owns an end of a pipe, and the other end, which is the test's. */
  private record Subject(DescriptorChannel channel, int other) implements AutoCloseable {

    static Subject reading(FileKind kind) throws IOException {
      int[] ends = kind.open();
      Interposed.lendIfThere(ends[0], true);
      return new Subject(DescriptorChannel.adopt(ends[0]), ends[1]);
    }

    static Subject writing(FileKind kind) throws IOException {
      int[] ends = kind.open();
      Interposed.lendIfThere(ends[1], true);
      return new Subject(DescriptorChannel.adopt(ends[1]), ends[0]);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  @Test
  void againstReadsThatWait() throws Exception {
    race(ROUNDS / 2, () -> Subject.reading(FileKind.PIPE), ChannelRaceTest::readForEver);
    race(ROUNDS / 2, () -> Subject.reading(FileKind.SOCKETS), ChannelRaceTest::readForEver);
  }

  @Test
  void againstReadsOfWhatIsAskedFirst() throws Exception {
    race(ROUNDS / 10, () -> Subject.reading(FileKind.TERMINAL), ChannelRaceTest::readForEver);
  }

  @Test
  void againstTwoReadsAndAWriteThatFeedsThem() throws Exception {
    race(
        ROUNDS / 20,
        () -> Subject.reading(FileKind.PIPE),
        ChannelRaceTest::readForEver,
        ChannelRaceTest::readForEver,
        subject -> {
          FileKind.setNonBlocking(subject.other, true);
          byte[] bytes = new byte[64];
          while (subject.channel.isOpen()) {
            TestLibrary.write(subject.other, bytes, bytes.length); // full, or nobody reads any more
            Thread.yield();
          }
        });
  }

  @Test
  void againstReadsThatDoNotWait() throws Exception {
    race(
        ROUNDS / 20,
        () -> Subject.reading(FileKind.NON_BLOCKING_PIPE),
        subject -> {
          subject.channel.configureBlocking(false);
          ByteBuffer bytes = ByteBuffer.allocateDirect(8);
          while (true) {
            subject.channel.read(bytes.clear());
          }
        });
  }

  @Test
  void againstWritesThatWait() throws Exception {
    race(
        ROUNDS / 20,
        () -> Subject.writing(FileKind.PIPE),
        subject -> {
          ByteBuffer bytes = ByteBuffer.allocateDirect(40_000);
          while (true) {
            subject.channel.write(bytes.clear());
          }
        });
  }

  @Test
  void againstAnInterrupt() throws Exception {
    BlockingQueue<Thread> readers = new SynchronousQueue<>();
    race(
        ROUNDS,
        () -> Subject.reading(FileKind.PIPE),
        subject -> {
          readers.put(Thread.currentThread());
          try {
            readForEver(subject);
          } catch (ClosedByInterruptException e) {
            Thread.interrupted();
          } catch (ClosedChannelException closedBefore) {
            Rendezvous.awaitInterrupt();
          }
        },
        subject -> {
          Thread thread = readers.take();
          Rendezvous.pause();
          thread.interrupt();
        });
  }

  @Test
  void againstDuplicatesAndAnotherClose() throws Exception {
    race(
        ROUNDS / 5,
        () -> Subject.reading(FileKind.PIPE),
        subject -> {
          while (true) {
            subject.channel.duplicate().close();
          }
        },
        Subject::close);
  }

  private static void readForEver(Subject subject) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(8);
    while (true) {
      subject.channel.read(bytes.clear());
    }
  }

  /** The other end is closed after the round, when nobody writes to it any more. */
  private static void race(int rounds, Callable<Subject> opening, Call... calls) throws Exception {
    Subject[] last = new Subject[1];
    try {
      CloseRace.run(
          rounds,
          () -> {
            closeOther(last);
            return last[0] = opening.call();
          },
          subject -> subject.channel.isOpen(),
          ClosedChannelException.class,
          calls);
    } finally {
      closeOther(last);
    }
  }

  private static void closeOther(Subject[] last) {
    if (last[0] != null) {
      TestLibrary.check(TestLibrary.close(last[0].other));
      last[0] = null;
    }
  }
}
