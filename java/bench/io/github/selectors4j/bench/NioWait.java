package io.github.selectors4j.bench;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Iterator;
import java.util.function.Consumer;

/** {@code java.nio}'s selector. */
abstract class NioWait implements Contender, Consumer<SelectionKey> {

  final Selector selector = Selector.open();
  final int ready;
  private long sum;

  NioWait(Watched watched, int ready) throws IOException {
    this.ready = ready;
    for (SelectableChannel channel : watched.channels()) {
      channel.register(selector, watched.operation(), this);
    }
  }

  @Override
  public void accept(SelectionKey key) {
    sum += key.readyOps();
  }

  @Override
  public void close() throws IOException {
    selector.close();
  }

  /** {@code selectNow(Consumer)}. */
  static final class Consuming extends NioWait {
    Consuming(Watched watched, int ready) throws IOException {
      super(watched, ready);
    }

    @Override
    public long take(int turns) throws IOException {
      long found = 0;
      long start = System.nanoTime();
      for (int turn = 0; turn < turns; turn++) {
        found += selector.selectNow(this);
      }
      return Contender.elapsed(start, found, (long) turns * ready);
    }
  }

  /** {@code selectedKeys()}, each removed. */
  static final class SelectedKeys extends NioWait {
    SelectedKeys(Watched watched, int ready) throws IOException {
      super(watched, ready);
    }

    @Override
    public long take(int turns) throws IOException {
      long found = 0;
      long start = System.nanoTime();
      for (int turn = 0; turn < turns; turn++) {
        found += selector.selectNow();
        Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
        while (keys.hasNext()) {
          accept(keys.next());
          keys.remove();
        }
      }
      return Contender.elapsed(start, found, (long) turns * ready);
    }
  }
}
