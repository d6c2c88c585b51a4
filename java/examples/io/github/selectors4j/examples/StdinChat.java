package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A chat between whoever types here and those who connect: System.in, a server socket and its
 * clients in one loop. Stdin may be a terminal, a pipe, a file or {@code /dev/null}: the selector
 * takes them all. Its end leaves the clients among themselves.
 */
public final class StdinChat {
  private static final int REMEMBERED_LINES = 20;

  private final BaseSelector selector;
  private final Set<Guest> guests = new LinkedHashSet<>();
  private final Deque<String> history = new ArrayDeque<>();
  private final byte[] bytes = new byte[8192];
  private int arrivals;

  /** {@code System.in} without its buffer: no selector can see what a buffer holds. */
  private final InputStream stdin = new FileInputStream(FileDescriptor.in);

  private final LineBuffer hostLines = new LineBuffer(line -> say(null, "host: " + line));

  private StdinChat(BaseSelector selector) {
    this.selector = selector;
  }

  public static void main(String[] args) throws IOException {
    if (args.length > 1
        || args.length > 0 && !args[0].matches("[0-9]{1,5}")
        || args.length > 0 && Integer.parseInt(args[0]) > 65535) {
      System.err.println("usage: StdinChat [PORT]");
      System.exit(2);
    }
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 1234;
    try (BaseSelector selector = DefaultSelector.open();
        ServerSocketChannel server = ServerSocketChannel.open()) {
      StdinChat chat = new StdinChat(selector);
      server.bind(new InetSocketAddress("localhost", port)).configureBlocking(false);
      selector.register(server, EVENT_READ, (ReadyHandler) chat::welcome);
      System.out.printf(
          "Chatting on port %d: type here, and in: nc localhost %1$d%n",
          server.socket().getLocalPort());
      selector.register(System.in, EVENT_READ, (ReadyHandler) chat::listen);
      while (true) {
        selector.select(null, (key, events) -> ((ReadyHandler) key.data()).ready(key, events));
      }
    }
  }

  /** Reads once what stdin has; a file has always something, and does not keep the guests out. */
  private void listen(SelectorKey key, int events) throws IOException {
    int count = stdin.read(bytes);
    if (count < 0) {
      hostLines.end();
      selector.unregister(System.in);
    } else {
      hostLines.add(bytes, count);
    }
  }

  private void welcome(SelectorKey key, int events) throws IOException {
    SocketChannel channel = ((ServerSocketChannel) key.fileobj()).accept();
    if (channel != null) { // else the guest has gone again
      channel.configureBlocking(false);
      Guest guest = new Guest("guest " + ++arrivals, channel);
      selector.register(channel, EVENT_READ, guest);
      guests.add(guest);
      say(guest, guest.name + " is here");
      guest.tell(String.join("\n", history));
    }
  }

  /** Tells everyone but the speaker; null speaks here. */
  private void say(Guest speaker, String line) {
    history.add(line);
    if (history.size() > REMEMBERED_LINES) {
      history.remove();
    }
    if (speaker != null) {
      System.out.println(line);
    }
    for (Guest guest : List.copyOf(guests)) {
      if (guest != speaker) {
        guest.tell(line);
      }
    }
  }

  private final class Guest implements ReadyHandler {
    final String name;
    private final SocketChannel channel;
    private final LineBuffer lines;

    Guest(String name, SocketChannel channel) {
      this.name = name;
      this.channel = channel;
      lines = new LineBuffer(line -> say(this, name + ": " + line.replaceAll("\\p{Cntrl}", "")));
    }

    @Override
    public void ready(SelectorKey key, int events) {
      try {
        int count = channel.read(ByteBuffer.wrap(bytes));
        if (count < 0) {
          lines.end();
          leave();
        } else {
          lines.add(bytes, count);
        }
      } catch (IOException reset) {
        leave();
      }
    }

    /** Sends a line, or parts with a guest that is gone or does not read: a chat can't wait. */
    void tell(String line) {
      ByteBuffer message = UTF_8.encode(line + '\n');
      try {
        channel.write(message);
      } catch (IOException reset) {
        // some of the message remains
      }
      if (message.hasRemaining()) {
        leave();
      }
    }

    private void leave() {
      if (guests.remove(this)) {
        selector.unregister(channel);
        try {
          channel.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        say(this, name + " has left");
      }
    }
  }
}
