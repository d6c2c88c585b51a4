package io.github.selectors4j;

import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** Channels of every kind as file objects. */
class WatchedChannelsTest extends WatchedObjectTest {
  @Test
  void tcpChannels() throws Exception {
    ServerSocketChannel server = closing(ServerSocketChannel.open()).bind(ANY_PORT);
    assertChannelsWatched(server, closing(SocketChannel.open()), server.getLocalAddress());
  }

  @Test
  void unixDomainChannels() throws Exception {
    SocketAddress address = UnixDomainSocketAddress.of(directory.resolve("socket"));
    assertChannelsWatched(
        closing(ServerSocketChannel.open(StandardProtocolFamily.UNIX)).bind(address),
        closing(SocketChannel.open(StandardProtocolFamily.UNIX)),
        address);
  }

  private void assertChannelsWatched(
      ServerSocketChannel server, SocketChannel client, SocketAddress address) throws Exception {
    assertBecomesReadable(server, () -> client.connect(address));
    SocketChannel accepted = closing(server.accept());
    assertReads(client, () -> accepted.write(ByteBuffer.wrap(HELLO)));
    assertReads(accepted, () -> client.write(ByteBuffer.wrap(HELLO)));
    assertWrites(client, () -> receive(accepted));
    assertWrites(accepted, () -> receive(client));
  }

  @Test
  void nonBlockingChannelStaysNonBlocking() throws Exception {
    ServerSocketChannel server = closing(ServerSocketChannel.open()).bind(ANY_PORT);
    server.configureBlocking(false);
    SocketChannel client = closing(SocketChannel.open());
    assertBecomesReadable(server, () -> client.connect(server.getLocalAddress()));
    SocketChannel accepted = closing(server.accept());
    accepted.configureBlocking(false);
    assertReads(accepted, () -> client.write(ByteBuffer.wrap(HELLO)));
  }

  @Test
  void channelOfAJavaSelector() throws Exception {
    try (Selector channels = Selector.open()) {
      Pipe pipe = openPipe();
      pipe.source().configureBlocking(false);
      pipe.source().register(channels, SelectionKey.OP_READ);
      assertReads(pipe.source(), () -> pipe.sink().write(ByteBuffer.wrap(HELLO)));
    }
  }

  @Test
  void datagramChannel() throws Exception {
    DatagramChannel channel = closing(DatagramChannel.open()).bind(ANY_PORT);
    assertReads(channel, () -> sendDatagram(channel.getLocalAddress()));
    DatagramChannel sender = closing(DatagramChannel.open()).connect(channel.getLocalAddress());
    assertWrites(sender, () -> receiveDatagram(channel));
  }

  @Test
  void pipeEnds() throws Exception {
    Pipe pipe = openPipe();
    assertReads(pipe.source(), () -> pipe.sink().write(ByteBuffer.wrap(HELLO)));
    assertWrites(pipe.sink(), () -> receive(pipe.source()));
  }
}
