package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.DatagramSocket;
import java.net.MulticastSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;

/** The sockets of {@code java.net} as file objects. */
class WatchedSocketsTest extends WatchedObjectTest {
  @Test
  void sockets() throws Exception {
    ServerSocket server = closing(new ServerSocket());
    server.bind(ANY_PORT);
    assertSocketsWatched(server, closing(new Socket()));
  }

  @Test
  void socketsOfChannels() throws Exception {
    ServerSocketChannel server = closing(ServerSocketChannel.open()).bind(ANY_PORT);
    assertSocketsWatched(server.socket(), closing(SocketChannel.open()).socket());
  }

  private void assertSocketsWatched(ServerSocket server, Socket client) throws Exception {
    assertBecomesReadable(server, () -> client.connect(server.getLocalSocketAddress()));
    Socket accepted = closing(server.accept());
    assertReads(client, () -> accepted.getOutputStream().write(HELLO));
    assertReads(accepted, () -> client.getOutputStream().write(HELLO));
    assertWrites(client, () -> accepted.getInputStream().readNBytes(HELLO.length));
    assertWrites(accepted, () -> client.getInputStream().readNBytes(HELLO.length));
  }

  @Test
  void tlsOverAnotherSocket() throws Exception {
    ServerSocket server = closing(new ServerSocket());
    server.bind(ANY_PORT);
    Socket plain = closing(new Socket());
    plain.connect(server.getLocalSocketAddress());
    Socket accepted = closing(server.accept());
    SSLSocketFactory factory = SSLContext.getDefault().getSocketFactory();
    Socket tls = closing(factory.createSocket(plain, "localhost", server.getLocalPort(), false));
    assertBecomesReadable(tls, () -> accepted.getOutputStream().write(HELLO));
    tls.close();
    assertRefused(
        IllegalArgumentException.class, () -> selector.register(tls, EVENT_READ), tls, "closed");
  }

  @Test
  void socketBoundBeforeItIsConnected() throws Exception {
    Socket socket = closing(new Socket());
    socket.bind(ANY_PORT);
    selector.register(socket, EVENT_READ);
    assertEquals(socket, selector.unregister(socket).fileobj());
  }

  @Test
  void socketGetsItsDescriptorOnlyWhenItConnects() throws Exception {
    Socket socket = closing(new Socket());
    ServerSocket server = closing(new ServerSocket());
    for (Object object : List.of(socket, server)) {
      assertRefused(
          IllegalArgumentException.class,
          () -> selector.register(object, EVENT_READ),
          object,
          "neither bound nor connected");
    }
    server.bind(ANY_PORT);
    socket.connect(server.getLocalSocketAddress());
    Socket accepted = closing(server.accept());
    assertReads(socket, () -> accepted.getOutputStream().write(HELLO));
  }

  @Test
  void datagramSockets() throws Exception {
    DatagramSocket unconnected = closing(new DatagramSocket(ANY_PORT));
    DatagramSocket multicast = closing(new MulticastSocket(ANY_PORT));
    DatagramSocket ofChannel = closing(DatagramChannel.open()).bind(ANY_PORT).socket();
    for (DatagramSocket socket : List.of(unconnected, multicast, ofChannel)) {
      assertReads(socket, () -> sendDatagram(socket.getLocalSocketAddress()));
    }
    DatagramSocket connected = closing(new DatagramSocket(ANY_PORT));
    connected.connect(unconnected.getLocalSocketAddress());
    assertWrites(connected, () -> receiveDatagram(unconnected));
  }

  @Test
  void unboundDatagramSocketHasADescriptorAlready() throws Exception {
    DatagramSocket socket = closing(new DatagramSocket(null));
    SelectorKey key = selector.register(socket, EVENT_READ);
    socket.bind(ANY_PORT);
    sendDatagram(socket.getLocalSocketAddress());
    assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select(LONG));
  }
}
