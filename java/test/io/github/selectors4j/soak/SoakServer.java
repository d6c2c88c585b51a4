package io.github.selectors4j.soak;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * An echo server in one thread that goes on when no descriptor is left, for {@code scripts/soak}.
 * It prints its port, then a line of JSON for each line of its standard input, with which it ends:
 *
 * <ul>
 *   <li>{@code state}: what it has done so far, and its heap after a garbage collection;
 *   <li>{@code reopen}: the same, after it has moved all registrations to a new selector; when
 *       there is no descriptor for that, it keeps the one it has.
 * </ul>
 */
class SoakServer {
  /** How soon to look for a descriptor again if it is none of the connections that gives one up. */
  private static final Duration RETRY = Duration.ofMillis(100);

  private static final int BUFFER_BYTES = 4096;
  private static final int BACKLOG = 1024;
  private static final String END = "end";

  private final Queue<String> commands = new ConcurrentLinkedQueue<>();
  private final ServerSocketChannel listener = ServerSocketChannel.open();
  private volatile BaseSelector selector;
  private boolean accepting;
  private boolean ended;

  private long accepted;
  private long closed;
  private long echoed;
  private long acceptsRefused;
  private long reopened;
  private long reopensRefused;

  SoakServer(Mechanism mechanism) throws IOException {
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    listener.configureBlocking(false);
    selector = mechanism.open();
    resume();
  }

  public static void main(String[] arguments) throws IOException {
    new SoakServer(Mechanism.valueOf(arguments[0])).run();
  }

  /** A connection is about to be closed. */
  void closing() throws IOException {}

  /** These bytes were received and will be sent back. */
  void echoing(ByteBuffer bytes) {}

  final void run() throws IOException {
    Thread control = new Thread(this::readCommands, "control");
    control.setDaemon(true);
    control.start();
    System.out.println(listener.socket().getLocalPort());
    while (!ended) {
      int count = selector.select(accepting ? null : RETRY, SoakServer::callBack);
      if (count == 0 && !accepting) {
        resume();
      }
      for (String command; (command = commands.poll()) != null; ) {
        obey(command);
      }
    }
    selector.close();
    listener.close();
  }

  private static void callBack(SelectorKey key, int events) throws IOException {
    ((ReadyHandler) key.data()).ready(key, events);
  }

  private void readCommands() {
    try (var lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      for (String line; (line = lines.readLine()) != null; ) {
        command(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      command(END);
    }
  }

  private void command(String command) {
    commands.add(command);
    try {
      selector.wakeup();
    } catch (ClosedSelectorException inFavourOfAnother) {
      // Who has closed it looks for commands before the next select.
    }
  }

  private void obey(String command) throws IOException {
    switch (command) {
      case END -> ended = true;
      case "reopen" -> {
        reopen();
        tell();
      }
      case "state" -> tell();
      default -> throw new IllegalArgumentException(command);
    }
  }

  private void reopen() throws IOException {
    BaseSelector next;
    try {
      next = selector.mechanism().open();
    } catch (IOException noDescriptor) {
      reopensRefused++;
      return;
    }
    for (SelectorKey key : selector.getMap().values()) {
      next.register(key.fileobj(), key.events(), key.data());
    }
    selector.close();
    selector = next;
    reopened++;
  }

  private void tell() {
    System.out.printf(
        "{%s, \"accepted\": %d, \"open\": %d, \"echoed\": %d, \"accepts_refused\": %d,"
            + " \"reopened\": %d, \"reopens_refused\": %d}%n",
        MemoryUse.members(),
        accepted,
        accepted - closed,
        echoed,
        acceptsRefused,
        reopened,
        reopensRefused);
  }

  private void resume() throws IOException {
    selector.register(listener, EVENT_READ, (ReadyHandler) this::accept);
    accepting = true;
  }

  private void accept(SelectorKey key, int events) throws IOException {
    SocketChannel channel;
    try {
      channel = listener.accept();
    } catch (IOException noDescriptor) {
      // Who waits to be accepted stays ready: to go on asking would spin.
      acceptsRefused++;
      selector.unregister(listener);
      accepting = false;
      return;
    }
    if (channel != null) {
      accepted++;
      channel.configureBlocking(false);
      selector.register(channel, EVENT_READ, new Connection(channel));
    }
  }

  private final class Connection implements ReadyHandler {
    private final SocketChannel channel;
    private final ByteBuffer pending = ByteBuffer.allocate(BUFFER_BYTES).flip();

    Connection(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public void ready(SelectorKey key, int events) throws IOException {
      if (echo()) {
        selector.modify(channel, pending.hasRemaining() ? EVENT_WRITE : EVENT_READ);
        return;
      }
      closing();
      selector.unregister(channel);
      channel.close();
      closed++;
      if (!accepting) {
        resume();
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
          echoing(pending);
        }
        echoed += channel.write(pending);
        return true;
      } catch (IOException reset) {
        return false;
      }
    }
  }
}
