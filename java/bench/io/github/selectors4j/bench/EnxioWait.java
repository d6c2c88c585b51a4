package io.github.selectors4j.bench;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Iterator;
import jnr.enxio.channels.NativeDeviceChannel;
import jnr.enxio.channels.NativeFileSelectorProvider;

/** jnr-enxio's selector, which on Linux is over poll. */
final class EnxioWait implements Contender {

  private final Selector selector = NativeFileSelectorProvider.getInstance().openSelector();
  private final int ready;
  private long sum;

  EnxioWait(Pipes pipes, int ready) throws IOException {
    this.ready = ready;
    for (int fd : pipes.readEnds()) {
      NativeDeviceChannel channel =
          new NativeDeviceChannel(
              NativeFileSelectorProvider.getInstance(), fd, SelectionKey.OP_READ, false);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
    }
  }

  @Override
  public long take(int turns) throws IOException {
    long found = 0;
    long start = System.nanoTime();
    for (int turn = 0; turn < turns; turn++) {
      found += selector.selectNow();
      Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
      while (keys.hasNext()) {
        sum += keys.next().readyOps();
        keys.remove();
      }
    }
    return Contender.elapsed(start, found, (long) turns * ready);
  }

  @Override
  public void close() throws IOException {
    selector.close();
  }
}
