package io.github.selectors4j.bench;

import io.github.selectors4j.EpollSelector;
import io.github.selectors4j.bench.selector.Modify;
import io.github.selectors4j.bench.selector.Register;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Changes of interest, and registrations that come and go, on connected sockets that have nothing
 * to read and no room to write: so no select has keys to deal with besides.
 */
final class ChangeSuite {

  private static final int CONNECTIONS = 64;
  private static final int BUFFER = 4096;

  private ChangeSuite() {}

  static void run() throws IOException {
    List<SocketChannel> sockets = new ArrayList<>();
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      for (int i = 0; i < CONNECTIONS; i++) {
        SocketChannel socket = SocketChannel.open();
        socket.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER);
        socket.connect(server.getLocalAddress());
        socket.configureBlocking(false);
        sockets.add(socket);
        sockets.add(server.accept());
      }
    }
    for (SocketChannel socket : sockets) {
      if (!socket.isBlocking()) {
        while (socket.write(ByteBuffer.allocate(BUFFER)) > 0) {}
      }
    }
    List<SocketChannel> channels = sockets.stream().filter(s -> !s.isBlocking()).toList();
    int[] descriptors = new int[CONNECTIONS];
    for (int i = 0; i < CONNECTIONS; i++) {
      descriptors[i] = Natives.descriptor(channels.get(i));
    }
    Object[] numbers = Arrays.stream(descriptors).boxed().toArray();
    Interleaved suite = new Interleaved("change");
    for (String name : new String[] {null, "modify"}) {
      suite
          .with("C epoll_ctl", () -> turns -> Natives.modifyTurns(descriptors, turns))
          .with("descriptor", () -> new Modify(EpollSelector.open(), numbers))
          .with("channel", () -> new Modify(EpollSelector.open(), channels.toArray()))
          .with("NIO", () -> new NioModifying(channels));
      finish(suite, name);
    }
    for (String name : new String[] {null, "register and unregister"}) {
      suite
          .with("C epoll_ctl", () -> turns -> Natives.registerTurns(descriptors, turns))
          .with("descriptor", () -> new Register(EpollSelector.open(), numbers))
          .with("channel", () -> new Register(EpollSelector.open(), channels.toArray()))
          .with("NIO", () -> new NioRegistering(channels));
      finish(suite, name);
    }
    for (SocketChannel socket : sockets) {
      socket.close();
    }
  }

  private static void finish(Interleaved suite, String name) {
    if (name == null) {
      suite.warmUp(5);
    } else {
      suite.measure(name);
    }
  }

  /** {@code interestOps}, which takes effect with the next select. */
  private static final class NioModifying implements Contender {
    private final Selector selector = Selector.open();
    private final List<SelectionKey> keys = new ArrayList<>();
    private int operations = SelectionKey.OP_READ;
    private long found;

    NioModifying(List<SocketChannel> channels) throws IOException {
      for (SocketChannel channel : channels) {
        keys.add(channel.register(selector, operations));
      }
      selector.selectNow();
    }

    @Override
    public long take(int turns) throws IOException {
      int count = keys.size();
      long start = System.nanoTime();
      for (int turn = 0, i = 0; turn < turns; turn++) {
        if (i == 0) {
          operations ^= SelectionKey.OP_WRITE;
        }
        keys.get(i).interestOps(operations);
        found += selector.selectNow(key -> {});
        i = i + 1 < count ? i + 1 : 0;
      }
      long elapsed = System.nanoTime() - start;
      keys.forEach(key -> key.interestOps(operations));
      return elapsed;
    }

    @Override
    public void close() throws IOException {
      selector.close();
    }
  }

  /** {@code register} and {@code cancel}, each with the select that makes it so. */
  private static final class NioRegistering implements Contender {
    private final Selector selector = Selector.open();
    private final List<SocketChannel> channels;

    NioRegistering(List<SocketChannel> channels) throws IOException {
      this.channels = channels;
    }

    @Override
    public long take(int turns) throws IOException {
      long start = System.nanoTime();
      for (int turn = 0, i = 0; turn < turns; turn++) {
        SelectionKey key = channels.get(i).register(selector, SelectionKey.OP_READ);
        selector.selectNow();
        key.cancel();
        selector.selectNow();
        i = i + 1 < channels.size() ? i + 1 : 0;
      }
      return System.nanoTime() - start;
    }

    @Override
    public void close() throws IOException {
      selector.close();
    }
  }
}
