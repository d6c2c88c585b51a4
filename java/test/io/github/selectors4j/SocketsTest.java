package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.select.FdEvent;
import io.github.selectors4j.select.Poll;
import io.github.selectors4j.select.Select;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What holds on Windows, too, where file objects are sockets: without a native library of the
 * tests' own. scripts/test-platforms runs it in wine.
 */
@Timeout(60)
class SocketsTest {
  private static final boolean ON_WINDOWS = System.getProperty("os.name").startsWith("Windows");

  @EveryMechanism
  void areReportedForWhatTheirKeysAsk(Mechanism mechanism) throws IOException {
    try (Connection connection = new Connection();
        BaseSelector selector = mechanism.open()) {
      SelectorKey key = selector.register(connection.client, EVENT_READ, "data");
      assertEquals(List.of(), selector.selectNow());
      connection.send();
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select());
      SelectorKey both = selector.modify(connection.client, EVENT_READ | EVENT_WRITE);
      assertEquals(List.of(new ReadyKey(both, EVENT_READ | EVENT_WRITE)), selector.select());
      connection.receive();
      assertEquals(List.of(new ReadyKey(both, EVENT_WRITE)), selector.select());
      assertEquals(both, selector.unregister(connection.client));
      assertEquals(List.of(), selector.selectNow());
    }
  }

  @EveryMechanism
  void moreThanFdSetsizeOfWinsock(Mechanism mechanism) throws IOException {
    List<Connection> connections = new ArrayList<>();
    try (BaseSelector selector = mechanism.open()) {
      Set<Object> sent = new HashSet<>();
      for (int i = 0; i < 150; i++) {
        Connection connection = new Connection();
        connections.add(connection);
        selector.register(connection.client, EVENT_READ);
        if (i % 3 == 0) {
          connection.send();
          sent.add(connection.client);
        }
      }
      Set<Object> found = new HashSet<>();
      while (found.size() < sent.size()) {
        selector.select().forEach(ready -> found.add(ready.key().fileobj()));
      }
      assertEquals(sent, found);
      for (Connection connection : connections.subList(0, 100)) {
        selector.unregister(connection.client);
      }
      assertEquals(16, selector.select().size());
    } finally {
      for (Connection connection : connections) {
        connection.close();
      }
    }
  }

  @EveryMechanism
  void timeoutsAreNeverCutShort(Mechanism mechanism) throws IOException {
    try (Connection connection = new Connection();
        BaseSelector selector = mechanism.open()) {
      for (int millis : new int[] {1, 20, 100}) {
        Elapsed elapsed = Elapsed.start();
        assertEquals(List.of(), selector.select(Duration.ofMillis(millis)));
        elapsed.assertLasted(Duration.ofMillis(millis));
        selector.register(connection.client, EVENT_READ);
        elapsed = Elapsed.start();
        assertEquals(List.of(), selector.select(Duration.ofMillis(millis)));
        elapsed.assertLasted(Duration.ofMillis(millis));
        selector.unregister(connection.client);
      }
    }
  }

  @EveryMechanism
  @SuppressWarnings("try") // it is closed early
  void wakeupRegisterInterruptAndCloseEndAWait(Mechanism mechanism) throws Exception {
    try (Connection connection = new Connection();
        BaseSelector selector = mechanism.open()) {
      try (SelectThread<Integer> select =
          SelectThread.startBlocked(() -> selector.select().size())) {
        selector.wakeup();
        assertEquals(0, select.result());
      }
      try (SelectThread<Integer> select =
          SelectThread.startBlocked(() -> selector.select().size())) {
        selector.register(connection.client, EVENT_WRITE);
        assertEquals(1, select.result());
      }
      selector.modify(connection.client, EVENT_READ);
      try (SelectThread<Integer> select =
          SelectThread.startBlocked(() -> selector.select().size())) {
        select.thread().interrupt();
        assertEquals(0, select.result());
      }
      try (SelectThread<Boolean> select =
          SelectThread.startBlocked(
              () -> {
                assertThrows(ClosedSelectorException.class, selector::select);
                return true;
              })) {
        selector.close();
        assertTrue(select.result());
      }
    }
  }

  @EveryMechanism
  void aRefusedConnectionIsWritable(Mechanism mechanism) throws IOException {
    InetSocketAddress nobody;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = (InetSocketAddress) server.getLocalSocketAddress();
    }
    try (SocketChannel client = SocketChannel.open();
        BaseSelector selector = mechanism.open()) {
      client.configureBlocking(false);
      assertFalse(client.connect(nobody));
      SelectorKey key = selector.register(client, EVENT_WRITE);
      assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.select());
      assertThrows(IOException.class, client::finishConnect);
    }
  }

  @EveryMechanism
  void whatIsNoSocketSaysWhy(Mechanism mechanism, @TempDir Path folder) throws IOException {
    try (BaseSelector selector = mechanism.open();
        FileInputStream file =
            new FileInputStream(Files.createFile(folder.resolve("file")).toFile())) {
      if (ON_WINDOWS) {
        Exception refusal =
            assertThrows(IllegalArgumentException.class, () -> selector.register(file, EVENT_READ));
        assertTrue(refusal.getMessage().contains("all that Windows waits for"), refusal::toString);
      }
      SystemCallException refusal =
          assertThrows(SystemCallException.class, () -> selector.register(0x7ffffff0, EVENT_READ));
      assertEquals(ON_WINDOWS ? "WSAENOTSOCK" : "EBADF", refusal.errnoName());
    }
  }

  @Test
  void areFileObjectsOfThePrimitives() throws IOException {
    try (Connection connection = new Connection();
        Poll poll = Poll.open()) {
      List<SocketChannel> client = List.of(connection.client);
      assertEquals(
          new Select.Ready(List.of(), List.copyOf(client), List.of()),
          Select.select(client, client, client, Duration.ofSeconds(20)));
      connection.send();
      assertEquals(
          List.copyOf(client), Select.select(client, List.of(), List.of(), null).readable());
      poll.register(connection.client, Poll.POLLIN);
      FdEvent event = poll.poll(null).get(0);
      assertTrue((event.events() & Poll.POLLIN) != 0, event::toString);
    }
  }

  /** A connection over the loopback. */
  private static final class Connection implements AutoCloseable {
    final SocketChannel client;
    private final Socket server;

    Connection() throws IOException {
      try (ServerSocketChannel listener = ServerSocketChannel.open()) {
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        client = SocketChannel.open(listener.getLocalAddress());
        server = listener.accept().socket();
      }
    }

    void send() throws IOException {
      server.getChannel().write(ByteBuffer.allocate(1));
    }

    void receive() throws IOException {
      assertEquals(1, client.read(ByteBuffer.allocate(1)));
    }

    @Override
    public void close() throws IOException {
      client.close();
      server.close();
    }
  }
}
