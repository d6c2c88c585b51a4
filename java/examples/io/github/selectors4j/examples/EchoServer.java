package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Locale;

/**
 * Sends every client back what it sent: the echo server of the documentation of Python's {@code
 * selectors}, whose registered {@code data} is the callback.
 *
 * <p>A connection waits to read or, as long as output is pending, to write; never for both. So a
 * client that does not read costs one buffer, and one that does nothing costs no time.
 */
public final class EchoServer {
  private final BaseSelector selector;

  private EchoServer(BaseSelector selector) {
    this.selector = selector;
  }

  public static void main(String[] args) throws IOException {
    if (args.length > 3
        || args.length > 0 && !args[0].matches("[0-9]{1,5}")
        || args.length > 0 && Integer.parseInt(args[0]) > 65535
        || args.length > 2 && !args[2].matches("(?i)select|poll|epoll|devpoll|kqueue")) {
      System.err.println("usage: EchoServer [PORT [HOST [select|poll|epoll|devpoll|kqueue]]]");
      System.exit(2);
    }
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 1234;
    String host = args.length > 1 ? args[1] : "localhost";
    try (BaseSelector selector =
            args.length > 2
                ? Mechanism.valueOf(args[2].toUpperCase(Locale.ROOT)).open()
                : DefaultSelector.open();
        ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(host, port), 1024).configureBlocking(false);
      selector.register(server, EVENT_READ, (ReadyHandler) new EchoServer(selector)::accept);
      System.out.printf(
          "Echoing on port %d with %s, try: nc %s %1$d%n",
          server.socket().getLocalPort(), selector.mechanism(), host);
      while (true) {
        selector.select(null, (key, events) -> ((ReadyHandler) key.data()).ready(key, events));
      }
    }
  }

  private void accept(SelectorKey key, int events) throws IOException {
    SocketChannel channel = ((ServerSocketChannel) key.fileobj()).accept();
    if (channel != null) { // else the client has gone again
      channel.configureBlocking(false);
      selector.register(channel, EVENT_READ, new Connection(channel));
    }
  }

  private final class Connection implements ReadyHandler {
    private final SocketChannel channel;
    private final ByteBuffer pending = ByteBuffer.allocate(16 * 1024).flip();

    Connection(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public void ready(SelectorKey key, int events) throws IOException {
      if (echo()) {
        selector.modify(channel, pending.hasRemaining() ? EVENT_WRITE : EVENT_READ);
      } else {
        selector.unregister(channel);
        channel.close();
      }
    }

    /** Moves what can be moved without waiting; false when the client is done, or gone. */
    private boolean echo() {
      try {
        if (!pending.hasRemaining()) {
          int count = channel.read(pending.clear());
          pending.flip();
          if (count < 0) {
            return false;
          }
        }
        channel.write(pending);
        return true;
      } catch (IOException reset) {
        return false;
      }
    }
  }
}
