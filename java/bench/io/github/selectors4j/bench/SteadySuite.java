package io.github.selectors4j.bench;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;

import io.github.selectors4j.EpollSelector;
import io.github.selectors4j.bench.selector.SelectNow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.function.UnaryOperator;

/** Waits that find all ready each time: for writing, and with readers that leave most of it. */
final class SteadySuite {

  private static final int COUNT = 256;

  private SteadySuite() {}

  static void run() throws IOException {
    Interleaved suite = new Interleaved("steady");
    try (Pipes pipes = new Pipes(COUNT, 0)) {
      add(suite, pipes.writing());
      suite.warmUp(5);
      add(suite, pipes.writing());
      suite.measure("pipes, for writing");
    }
    try (Sockets sockets = Sockets.unix(COUNT)) {
      add(suite, sockets.writing());
      suite.measure("UNIX sockets, for writing");
    }
    try (Sockets sockets = Sockets.tcp(COUNT)) {
      add(suite, sockets.writing());
      suite.measure("TCP sockets, for writing");
    }
    try (Pipes pipes = new Pipes(COUNT, 0)) {
      Backlog backlog = new Backlog(pipes);
      add(suite, pipes.reading(), contender -> new SlowReader(contender, backlog));
      suite.measure("pipes, slow readers");
    }
  }

  private static void add(Interleaved suite, Watched watched) {
    add(suite, watched, contender -> contender);
  }

  private static void add(Interleaved suite, Watched watched, UnaryOperator<Contender> as) {
    int ready = watched.count();
    int events = watched.isForWriting() ? EVENT_WRITE : EVENT_READ;
    suite
        .with("C epoll_wait", () -> as.apply(new CWait(watched, ready, WaitSuites::epollNow)))
        .with(
            "selectNow(handler)",
            () -> as.apply(new SelectNow(EpollSelector.open(), watched.numbers(), events, ready)))
        .with("Netty", () -> as.apply(new NettyWait(watched, ready)))
        .with("NIO consumer", () -> as.apply(new NioWait.Consuming(watched, ready)))
        .with("C poll", () -> as.apply(new CWait(watched, ready, Natives::pollTurns)));
  }

  /** What nobody has read yet, of which there is always some. */
  private static final class Backlog {
    private static final int FULL = 1000;

    private final Pipes pipes;
    private final int[] readEnds;
    private int left;

    Backlog(Pipes pipes) throws IOException {
      this.pipes = pipes;
      readEnds = pipes.readEnds();
      fill();
    }

    private void fill() throws IOException {
      for (Pipe pipe : pipes.all()) {
        pipe.sink().write(ByteBuffer.allocate(FULL - left));
      }
      left = FULL;
    }

    /** Reads a byte of each. */
    void read() throws IOException {
      if (!Natives.readByteOfEach(readEnds)) {
        throw new IOException("there is nothing left");
      }
      if (--left == 1) {
        fill();
      }
    }
  }

  /** After each wait, a byte of each is read: that is not measured. */
  private record SlowReader(Contender waiting, Backlog backlog) implements Contender {
    @Override
    public long take(int turns) throws Exception {
      long all = 0;
      for (int turn = 0; turn < turns; turn++) {
        long one = waiting.take(1);
        if (one < 0) {
          return one;
        }
        all += one;
        backlog.read();
      }
      return all;
    }

    @Override
    public void close() throws IOException {
      waiting.close();
    }
  }
}
