package io.github.selectors4j.channels;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.Awaiter;
import io.github.selectors4j.EveryMechanism;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.SelectThread;
import io.github.selectors4j.SystemCallException;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Waiting threads and channels on sockets, and what is refused, on Windows, too: without a native
 * library of the tests' own.
 */
@SuppressWarnings("try") // some are closed early
@Timeout(60)
class SocketChannelsTest {

  private static final boolean ON_WINDOWS = System.getProperty("os.name").startsWith("Windows");
  private static final Duration LONG = Duration.ofSeconds(30);

  /** Not open, on any system. */
  private static final int NO_DESCRIPTOR = 0x7ffffff0;

  @EveryMechanism
  void anAwaiterTellsWhatIsReady(Mechanism mechanism) throws Exception {
    try (Awaiter awaiter = Awaiter.open(mechanism);
        Connection connection = new Connection()) {
      assertEquals(EVENT_WRITE, awaiter.await(connection.client, EVENT_READ | EVENT_WRITE, LONG));
      assertEquals(0, awaiter.await(connection.client, EVENT_READ, Duration.ZERO));
      long start = System.nanoTime();
      assertEquals(0, awaiter.await(connection.client, EVENT_READ, Duration.ofMillis(30)));
      assertTrue(System.nanoTime() - start >= 30_000_000);
      for (int times = 0; times < 3; times++) {
        try (var first = awaiting(awaiter, connection);
            var second = awaiting(awaiter, connection)) {
          connection.send(1);
          assertEquals(EVENT_READ, first.result());
          assertEquals(EVENT_READ, second.result());
        }
        assertEquals(1, connection.client.read(ByteBuffer.allocate(2)));
      }
    }
  }

  @EveryMechanism
  void anAwaitEndsByInterruptCancelAndClose(Mechanism mechanism) throws Exception {
    try (Awaiter awaiter = Awaiter.open(mechanism);
        Connection connection = new Connection()) {
      try (var waiting = awaiting(awaiter, connection)) {
        waiting.thread().interrupt();
        assertSame(InterruptedException.class, waiting.failure().getClass());
      }
      try (var waiting = awaiting(awaiter, connection)) {
        assertEquals(1, awaiter.cancel(connection.client));
        assertSame(AsynchronousCloseException.class, waiting.failure().getClass());
      }
      assertEquals(0, awaiter.cancel(connection.client));
      try (var waiting = awaiting(awaiter, connection)) {
        awaiter.close();
        assertSame(ClosedSelectorException.class, waiting.failure().getClass());
      }
    }
  }

  private static SelectThread<Integer> awaiting(Awaiter awaiter, Connection connection)
      throws Exception {
    return SelectThread.startParked(() -> awaiter.await(connection.client, EVENT_READ));
  }

  @Test
  void aChannelReadsAndWrites() throws Exception {
    try (Connection connection = new Connection();
        DescriptorChannel client = DescriptorChannel.of(connection.client);
        DescriptorChannel twin = client.duplicate()) {
      ByteBuffer bytes = ByteBuffer.allocate(10);
      assertEquals(0, client.configureBlocking(false).read(bytes));
      client.configureBlocking(true);
      try (var reader = SelectThread.startBlocked(() -> client.read(bytes))) {
        connection.send(3);
        assertEquals(3, reader.result());
      }
      assertEquals(5, twin.write(ByteBuffer.allocateDirect(5)));
      ByteBuffer[] two = {ByteBuffer.allocate(2), ByteBuffer.allocateDirect(2)};
      assertEquals(4, client.write(two));
      ByteBuffer received = ByteBuffer.allocate(9);
      while (received.hasRemaining()) {
        connection.server.read(received);
      }
      connection.server.shutdownOutput();
      assertEquals(-1, client.read(bytes));
      client.close();
      assertTrue(connection.client.isConnected());
      assertEquals(1, connection.client.write(ByteBuffer.allocate(1)), "its owner's to close");
    }
  }

  @Test
  void closeAndInterruptEndARead() throws Exception {
    for (boolean isInterrupted : new boolean[] {false, true}) {
      try (Connection connection = new Connection();
          DescriptorChannel client = DescriptorChannel.of(connection.client);
          var reader = SelectThread.startBlocked(() -> client.read(ByteBuffer.allocate(1)))) {
        if (isInterrupted) {
          reader.thread().interrupt();
          assertSame(ClosedByInterruptException.class, reader.failure().getClass());
        } else {
          client.close();
          assertSame(AsynchronousCloseException.class, reader.failure().getClass());
        }
        assertFalse(client.isOpen());
      }
    }
  }

  /** A read of bytes that are not urgent waits for those, and is not inside its call. */
  @Test
  void urgentDataIsNothingToRead() throws Exception {
    try (Connection connection = new Connection();
        DescriptorChannel client = DescriptorChannel.of(connection.client)) {
      connection.server.socket().sendUrgentData('!');
      try (var reader = SelectThread.startBlocked(() -> client.read(ByteBuffer.allocate(1)))) {
        client.close();
        assertSame(AsynchronousCloseException.class, reader.failure().getClass());
      }
    }
  }

  @Test
  void aListenerAccepts() throws Exception {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (DescriptorChannel server = DescriptorChannel.of(listener)) {
        assertNull(server.configureBlocking(false).accept());
        server.configureBlocking(true);
        try (var accepting = SelectThread.startBlocked(server::accept);
            SocketChannel client = SocketChannel.open(listener.getLocalAddress());
            DescriptorChannel accepted = accepting.result()) {
          client.write(ByteBuffer.allocate(4));
          assertEquals(4, accepted.read(ByteBuffer.allocate(9)));
        }
      }
    }
  }

  @Test
  void theJdksSelectorsWaitForASocketThatIsNotTheirs() throws Exception {
    if (ModuleLayer.boot().findModule("jdk.net").isEmpty()) {
      try (Connection connection = new Connection()) {
        Exception refusal =
            assertThrows(
                UnsupportedOperationException.class,
                () -> SelectableChannels.of(connection.client));
        assertTrue(refusal.getMessage().contains("--add-modules jdk.net"), refusal::getMessage);
      }
      return;
    }
    try (Connection connection = new Connection();
        DescriptorChannel twin = DescriptorChannel.of(connection.client).duplicate();
        Selector selector = Selector.open();
        SelectableChannel channel = SelectableChannels.of(twin)) {
      SelectionKey key = channel.register(selector, OP_READ);
      assertEquals(0, selector.selectNow());
      connection.send(1);
      assertEquals(1, selector.select(30_000));
      assertEquals(OP_READ, key.readyOps());
      key.interestOps(OP_READ | OP_WRITE);
      selector.selectedKeys().clear();
      assertEquals(1, selector.select(30_000));
      assertEquals(OP_READ | OP_WRITE, key.readyOps());
      channel.close();
      assertEquals(0, selector.selectNow());
      assertEquals(1, twin.read(ByteBuffer.allocate(9)), "it stays open");
    }
  }

  /** The message names the call or the object, and says why. */
  @Test
  void whatIsNoSocketIsRefused(@TempDir Path folder) throws Exception {
    for (Executable refused :
        List.<Executable>of(
            () -> Awaiter.shared().await(NO_DESCRIPTOR, EVENT_READ),
            () -> DescriptorChannel.adopt(NO_DESCRIPTOR),
            () -> SelectableChannels.of(NO_DESCRIPTOR))) {
      SystemCallException refusal = assertThrows(SystemCallException.class, refused);
      assertEquals(ON_WINDOWS ? "WSAENOTSOCK" : "EBADF", refusal.errnoName());
      assertTrue(refusal.getMessage().contains("fd " + NO_DESCRIPTOR), refusal::getMessage);
      assertEquals(ON_WINDOWS, refusal.call().startsWith("getsockopt(SO_TYPE"), refusal::call);
    }
    Path name = Files.createFile(folder.resolve("file"));
    try (FileInputStream file = new FileInputStream(name.toFile())) {
      for (Executable refused :
          List.<Executable>of(
              () -> Awaiter.shared().await(file, EVENT_READ),
              () -> DescriptorChannel.of(file),
              () -> SelectableChannels.of(file))) {
        if (ON_WINDOWS) {
          Exception refusal = assertThrows(IllegalArgumentException.class, refused);
          assertTrue(refusal.getMessage().startsWith(file.toString()), refusal::getMessage);
          assertTrue(refusal.getMessage().contains("no socket"), refusal::getMessage);
        }
      }
    }
  }

  @Test
  void aProcessIsRefusedWhereNothingWaitsForIt() {
    if (ON_WINDOWS) {
      Exception refusal =
          assertThrows(
              UnsupportedOperationException.class,
              () -> Awaiter.shared().await(ProcessHandle.current(), EVENT_READ));
      assertTrue(refusal.getMessage().contains("onExit()"), refusal::getMessage);
    }
  }

  /** A connection over the loopback. */
  private static final class Connection implements AutoCloseable {
    final SocketChannel client;
    final SocketChannel server;

    Connection() throws IOException {
      try (ServerSocketChannel listener = ServerSocketChannel.open()) {
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        client = SocketChannel.open(listener.getLocalAddress());
        server = listener.accept();
      }
    }

    void send(int bytes) throws IOException {
      assertEquals(bytes, server.write(ByteBuffer.allocate(bytes)));
    }

    @Override
    public void close() throws IOException {
      client.close();
      server.close();
    }
  }
}
