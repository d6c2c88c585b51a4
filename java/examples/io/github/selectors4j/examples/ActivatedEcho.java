package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.channels.DescriptorChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;

/**
 * An echo server that systemd starts for the first client, as its socket activation has it: systemd
 * listens and hands the listening sockets over, whatever their kind. It ends when nobody is there
 * any more, until systemd starts it for the next client.
 */
public final class ActivatedEcho {
  private static final int FIRST_SOCKET = 3; // SD_LISTEN_FDS_START

  private final BaseSelector selector;
  private int connections;

  private ActivatedEcho(BaseSelector selector) {
    this.selector = selector;
  }

  public static void main(String[] args) throws IOException {
    if (args.length > 1 || args.length > 0 && !args[0].matches("[0-9]{1,6}")) {
      System.err.println("usage: ActivatedEcho [IDLE_SECONDS]");
      System.exit(2);
    }
    int sockets = socketsOfSystemd();
    if (sockets == 0) {
      System.err.println(
          "systemd has to start it; by hand: systemd-socket-activate -l 1234 java …");
      System.exit(1);
    }
    Duration idle = Duration.ofSeconds(args.length > 0 ? Long.parseLong(args[0]) : 60);
    try (BaseSelector selector = DefaultSelector.open()) {
      new ActivatedEcho(selector).run(sockets, idle);
    }
  }

  /** How many there are: see sd_listen_fds(3). */
  private static int socketsOfSystemd() {
    Map<String, String> environment = System.getenv();
    String pid = Long.toString(ProcessHandle.current().pid());
    boolean isForThis = pid.equals(environment.get("LISTEN_PID")); // and not for a parent
    return isForThis ? Integer.parseInt(environment.getOrDefault("LISTEN_FDS", "0")) : 0;
  }

  private void run(int sockets, Duration idle) throws IOException {
    for (int fd = FIRST_SOCKET; fd < FIRST_SOCKET + sockets; fd++) {
      DescriptorChannel server = DescriptorChannel.adopt(fd).configureBlocking(false);
      selector.register(server, EVENT_READ, (ReadyHandler) this::accept);
    }
    ReadyHandler handler = (key, events) -> ((ReadyHandler) key.data()).ready(key, events);
    while (selector.select(idle, handler) > 0 || connections > 0) {
      // goes on
    }
  }

  private void accept(SelectorKey key, int events) throws IOException {
    DescriptorChannel channel = ((DescriptorChannel) key.fileobj()).accept();
    if (channel != null) { // else the client has gone again, or another process has taken it
      channel.configureBlocking(false);
      selector.register(channel, EVENT_READ, new Connection(channel));
      connections++;
    }
  }

  private final class Connection implements ReadyHandler {
    private final DescriptorChannel channel;
    private final ByteBuffer pending = ByteBuffer.allocateDirect(16 * 1024).flip();

    Connection(DescriptorChannel channel) {
      this.channel = channel;
    }

    @Override
    public void ready(SelectorKey key, int events) throws IOException {
      if (echo()) {
        selector.modify(channel, pending.hasRemaining() ? EVENT_WRITE : EVENT_READ);
      } else {
        selector.unregister(channel);
        channel.close();
        connections--;
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
