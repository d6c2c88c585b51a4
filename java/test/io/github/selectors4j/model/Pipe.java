package io.github.selectors4j.model;

import static io.github.selectors4j.TestLibrary.POLLERR;
import static io.github.selectors4j.TestLibrary.POLLHUP;
import static io.github.selectors4j.TestLibrary.POLLIN;
import static io.github.selectors4j.TestLibrary.POLLOUT;

/** A pipe or a FIFO, whose ends come and go. */
final class Pipe {
  private static final int HAD_WRITER = -1;

  private final Channel channel = new Channel();
  private int readers;
  private int writers;
  private int writersSoFar;

  boolean hasReader() {
    return readers > 0;
  }

  /** Without any, a FIFO forgets what was in it. */
  boolean hasEnds() {
    return readers > 0 || writers > 0;
  }

  /** Opens an end to read from. */
  OpenFile reader() {
    Reader reader = new Reader(writers > 0 ? HAD_WRITER : writersSoFar);
    readers++;
    return reader;
  }

  /** Opens an end to write to. */
  OpenFile writer() {
    writers++;
    writersSoFar++;
    return new Writer();
  }

  /** Whether this is the end to write to of a pipe that nobody can read any more. */
  static boolean isBroken(OpenFile file) {
    return file instanceof Writer writer && !writer.pipe().hasReader();
  }

  /** Whether this is an end of a pipe or FIFO. */
  static boolean isEnd(OpenFile file) {
    return file instanceof Reader || file instanceof Writer;
  }

  private final class Reader extends OpenFile {
    /** How many writers there were before, if there was none when this was opened. */
    private final int writersBefore;

    Reader(int writersBefore) {
      this.writersBefore = writersBefore;
    }

    /** A FIFO that never had a writer is not at its end. */
    @Override
    int polled() {
      return bits(POLLIN, !channel.isEmpty())
          | bits(POLLHUP, writers == 0 && writersSoFar != writersBefore);
    }

    @Override
    boolean hasLowWaterMark() {
      return true;
    }

    @Override
    boolean knows(Transfer transfer) {
      return transfer == Transfer.DRAIN || (transfer == Transfer.READ && !channel.isFull());
    }

    @Override
    int transfer(Transfer transfer) {
      if (transfer == Transfer.READ && !channel.isEmpty()) {
        channel.removeOne();
        return 1;
      }
      channel.clear();
      return writers == 0 ? 0 : -EAGAIN;
    }

    @Override
    void released() {
      readers--;
    }
  }

  private final class Writer extends OpenFile {
    Pipe pipe() {
      return Pipe.this;
    }

    @Override
    int polled() {
      return bits(POLLOUT, !channel.isFull()) | bits(POLLERR, readers == 0);
    }

    @Override
    boolean hasLowWaterMark() {
      return true;
    }

    @Override
    boolean knows(Transfer transfer) {
      return transfer == Transfer.FILL || (transfer == Transfer.WRITE && channel.knowsOneMore());
    }

    @Override
    int transfer(Transfer transfer) {
      if (readers == 0) {
        return -EPIPE;
      }
      if (transfer == Transfer.WRITE && !channel.isFull()) {
        channel.add();
        return 1;
      }
      channel.fill();
      return -EAGAIN;
    }

    @Override
    void released() {
      writers--;
    }
  }
}
