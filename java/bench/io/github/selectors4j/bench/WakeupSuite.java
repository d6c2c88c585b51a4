package io.github.selectors4j.bench;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.EpollSelector;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Selector;

/**
 * Two threads that wake each other in turns, each blocked in a select of its own: a turn is a
 * wake-up there and one back. Each has a processor to itself: a scheduler that puts both on one, as
 * it does or does not, makes more of a difference than all else.
 */
final class WakeupSuite {

  private WakeupSuite() {}

  static void run() {
    Natives.stayOnProcessor(0);
    Interleaved suite = new Interleaved("wakeup");
    for (String name : new String[] {null, "there and back"}) {
      suite
          .with("C eventfd", () -> Natives::wakeupTurns)
          .with("wakeup()", () -> new Pair(new SelectorWakeup(), new SelectorWakeup()))
          .with("NIO wakeup()", () -> new Pair(new NioWakeup(), new NioWakeup()));
      if (name == null) {
        suite.warmUp(10);
      } else {
        suite.measure(name);
      }
    }
  }

  /** A selector that a thread waits with, and another one wakes. */
  private interface Side extends Closeable {
    void await() throws IOException;

    void wake();
  }

  private static final class Pair implements Contender {
    private final Side near;
    private final Side far;
    private volatile Throwable failure;

    Pair(Side near, Side far) {
      this.near = near;
      this.far = far;
    }

    @Override
    public long take(int turns) throws IOException, InterruptedException {
      Thread thread = new Thread(() -> answer(turns), "answer");
      thread.setDaemon(true);
      thread.start();
      long start = System.nanoTime();
      for (int turn = 0; turn < turns; turn++) {
        far.wake();
        near.await();
      }
      long taken = System.nanoTime() - start;
      thread.join();
      return failure == null ? taken : -1;
    }

    private void answer(int turns) {
      try {
        Natives.stayOnProcessor(1);
        for (int turn = 0; turn < turns; turn++) {
          far.await();
          near.wake();
        }
      } catch (Throwable t) {
        failure = t;
        near.wake();
      }
    }

    @Override
    public void close() throws IOException {
      near.close();
      far.close();
    }
  }

  private static final class SelectorWakeup implements Side {
    private final BaseSelector selector = EpollSelector.open();

    SelectorWakeup() throws IOException {}

    @Override
    public void await() throws IOException {
      selector.select(null, (key, events) -> {});
    }

    @Override
    public void wake() {
      selector.wakeup();
    }

    @Override
    public void close() {
      selector.close();
    }
  }

  private static final class NioWakeup implements Side {
    private final Selector selector = Selector.open();

    NioWakeup() throws IOException {}

    @Override
    public void await() throws IOException {
      selector.select(key -> {});
    }

    @Override
    public void wake() {
      selector.wakeup();
    }

    @Override
    public void close() throws IOException {
      selector.close();
    }
  }
}
