package io.github.selectors4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.selectors4j.channels.DescriptorChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * The chat of {@link StdinChat} in blocking style, which reads from top to bottom: a thread reads
 * stdin, and each guest has one that reads and one that writes. They are virtual threads from Java
 * 21 on, of which none holds its carrier while it waits, be it for a terminal.
 */
public final class ThreadedChat {
  private static final int REMEMBERED_LINES = 20;
  private static final int MOST_UNSENT_LINES = 10_000;

  private final Executor threads;
  private final Set<Guest> guests = new LinkedHashSet<>();
  private final Deque<String> history = new ArrayDeque<>();
  private int arrivals;

  private ThreadedChat(Executor threads) {
    this.threads = threads;
  }

  public static void main(String[] args) throws Exception {
    if (args.length > 1
        || args.length > 0 && !args[0].matches("[0-9]{1,5}")
        || args.length > 0 && Integer.parseInt(args[0]) > 65535) {
      System.err.println("usage: ThreadedChat [PORT]");
      System.exit(2);
    }
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 1234;
    try (ServerSocketChannel server = ServerSocketChannel.open();
        DescriptorChannel door = DescriptorChannel.of(server)) {
      server.bind(new InetSocketAddress("localhost", port));
      ThreadedChat chat = new ThreadedChat(VirtualThreads.executor());
      System.out.printf(
          "Chatting on port %d: type here, and in: nc localhost %1$d%n",
          server.socket().getLocalPort());
      chat.threads.execute(chat::listen);
      while (true) {
        chat.welcome(door.accept());
      }
    }
  }

  /** Its end leaves the guests among themselves. */
  private void listen() {
    try (DescriptorChannel stdin = DescriptorChannel.of(System.in)) {
      readLines(stdin, line -> say(null, "host: " + line));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void readLines(DescriptorChannel channel, Consumer<String> consumer)
      throws IOException {
    LineBuffer lines = new LineBuffer(consumer);
    ByteBuffer bytes = ByteBuffer.allocate(8192);
    int count;
    while ((count = channel.read(bytes.clear())) >= 0) { // waits
      lines.add(bytes.array(), count);
    }
    lines.end();
  }

  private synchronized void welcome(DescriptorChannel channel) {
    Guest guest = new Guest("guest " + ++arrivals, channel);
    guests.add(guest);
    say(guest, guest.name + " is here");
    guest.tell(String.join("\n", history));
    threads.execute(guest::read);
    threads.execute(guest::write);
  }

  /** Tells everyone but the speaker; null speaks here. */
  private synchronized void say(Guest speaker, String line) {
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

  private synchronized boolean remove(Guest guest) {
    return guests.remove(guest);
  }

  private final class Guest {
    final String name;
    private final DescriptorChannel channel;
    private final BlockingQueue<String> unsent = new LinkedBlockingQueue<>(MOST_UNSENT_LINES);

    Guest(String name, DescriptorChannel channel) {
      this.name = name;
      this.channel = channel;
    }

    void read() {
      try {
        readLines(channel, line -> say(this, name + ": " + line.replaceAll("\\p{Cntrl}", "")));
      } catch (IOException gone) {
        // or parted with
      }
      leave();
    }

    void write() {
      try {
        while (channel.isOpen()) {
          channel.write(UTF_8.encode(unsent.take() + '\n')); // waits for room
        }
      } catch (IOException | InterruptedException gone) {
        leave();
      }
    }

    /** Parts with a guest that does not read: a chat can't wait. */
    void tell(String line) {
      if (!unsent.offer(line)) {
        leave();
      }
    }

    /** Closing the channel ends what waits for it. */
    private void leave() {
      if (remove(this)) {
        try {
          channel.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        unsent.offer(""); // for who waits for the next line
        say(this, name + " has left");
      }
    }
  }
}
