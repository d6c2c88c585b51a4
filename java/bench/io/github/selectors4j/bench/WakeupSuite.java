package io.github.selectors4j.bench;

import io.github.selectors4j.EpollSelector;
import io.github.selectors4j.bench.selector.Wakeup;
import java.io.IOException;
import java.nio.channels.Selector;

/** Wake-ups of another thread that waits. */
final class WakeupSuite {

  private WakeupSuite() {}

  static void run() {
    Natives.stayOnProcessor(0);
    Interleaved suite = new Interleaved("wakeup");
    for (String name : new String[] {null, "there and back"}) {
      suite
          .with("C eventfd", () -> Natives::wakeupTurns)
          .with(
              "wakeup()",
              () ->
                  new WakeablePair(
                      new Wakeup(EpollSelector.open()), new Wakeup(EpollSelector.open())))
          .with("NIO wakeup()", () -> new WakeablePair(new NioWakeup(), new NioWakeup()));
      if (name == null) {
        suite.warmUp(10);
      } else {
        suite.measure(name);
      }
    }
  }

  private static final class NioWakeup implements Wakeable {
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
