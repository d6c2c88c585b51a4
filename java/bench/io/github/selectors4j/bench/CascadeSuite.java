package io.github.selectors4j.bench;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.EpollSelector;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.function.Consumer;

/** libevent's benchmark, as {@code native/bench/cascade.h} has it. */
final class CascadeSuite {

  private static final int ACTIVE = 100;
  private static final int WRITES = 1000;

  private CascadeSuite() {}

  static void run() throws IOException {
    Interleaved suite = new Interleaved("cascade");
    for (int count : new int[] {100, 250, 500, 1000, 2500, 5000, 9000}) {
      try (Pipes pipes = new Pipes(count, 0)) {
        suite
            .with("C epoll", () -> new InC("epoll", pipes))
            .with("libevent", () -> new InC("libevent", pipes))
            .with("libev", () -> new InC("libev", pipes))
            .with("libuv", () -> new InC("libuv", pipes))
            .with("selectors4j", () -> new OverSelector(pipes))
            .with("NIO", () -> new OverNio(pipes));
        suite.measureApart(Integer.toString(count));
      }
    }
  }

  private static final class InC implements Contender {
    private final long cascade;

    InC(String library, Pipes pipes) throws IOException {
      String path = System.getProperty("bench.natives") + "/cascade-" + library + ".so";
      cascade = Natives.openCascade(path, pipes.readEnds(), pipes.writeEnds());
      if (cascade == 0) {
        throw new IOException("can't load " + path);
      }
    }

    @Override
    public long take(int turns) {
      return Natives.cascadeTurns(cascade, turns, ACTIVE, WRITES);
    }

    @Override
    public void close() {
      Natives.closeCascade(cascade);
    }
  }

  /** The cascade in Java; reads and writes are calls of C's, for both selectors. */
  private abstract static class InJava implements Contender {
    private final int[] readEnds;
    private final int[] writeEnds;
    private int writes;
    private int fired;
    private int caught;

    InJava(Pipes pipes) {
      readEnds = pipes.readEnds();
      writeEnds = pipes.writeEnds();
    }

    abstract void pass() throws IOException;

    final void fire(int index) {
      fired += Natives.writeByte(writeEnds[index]);
    }

    final void readable(int index) {
      caught += Natives.readByte(readEnds[index]);
      if (writes > 0) {
        writes--;
        fire(index + 1 < readEnds.length ? index + 1 : 0);
      }
    }

    @Override
    public final long take(int turns) throws IOException {
      long start = System.nanoTime();
      for (int turn = 0; turn < turns; turn++) {
        fired = 0;
        caught = 0;
        writes = WRITES;
        for (int i = 0; i < ACTIVE; i++) {
          fire(i * (readEnds.length / ACTIVE));
        }
        do {
          pass();
        } while (caught != fired);
        if (fired != ACTIVE + WRITES) {
          return -1;
        }
      }
      return System.nanoTime() - start;
    }
  }

  private static final class OverSelector extends InJava implements ReadyHandler {
    private final BaseSelector selector = EpollSelector.open();

    OverSelector(Pipes pipes) throws IOException {
      super(pipes);
      Integer[] readEnds = pipes.boxedReadEnds();
      for (int i = 0; i < readEnds.length; i++) {
        selector.register(readEnds[i], BaseSelector.EVENT_READ, i);
      }
    }

    @Override
    void pass() throws IOException {
      selector.selectNow(this);
    }

    @Override
    public void ready(SelectorKey key, int events) {
      readable((Integer) key.data());
    }

    @Override
    public void close() {
      selector.close();
    }
  }

  private static final class OverNio extends InJava implements Consumer<SelectionKey> {
    private final Selector selector = Selector.open();

    OverNio(Pipes pipes) throws IOException {
      super(pipes);
      List<Pipe.SourceChannel> sources = pipes.sources();
      for (int i = 0; i < sources.size(); i++) {
        sources.get(i).register(selector, SelectionKey.OP_READ, i);
      }
    }

    @Override
    void pass() throws IOException {
      selector.selectNow(this);
    }

    @Override
    public void accept(SelectionKey key) {
      readable((Integer) key.attachment());
    }

    @Override
    public void close() throws IOException {
      selector.close();
    }
  }
}
