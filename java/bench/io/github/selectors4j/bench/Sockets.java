package io.github.selectors4j.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Connected sockets, whose peers read nothing and are sent nothing. */
final class Sockets implements AutoCloseable {

  private final List<SocketChannel> sockets = new ArrayList<>();
  private final List<SocketChannel> peers = new ArrayList<>();

  private Sockets(ServerSocketChannel server, SocketAddress address, int count) throws IOException {
    try (server) {
      server.bind(address);
      for (int i = 0; i < count; i++) {
        SocketChannel socket = SocketChannel.open(server.getLocalAddress());
        socket.configureBlocking(false);
        sockets.add(socket);
        peers.add(server.accept());
      }
    }
  }

  static Sockets unix(int count) throws IOException {
    Path folder = Files.createTempDirectory("sockets");
    Path path = folder.resolve("socket");
    try {
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      return new Sockets(server, UnixDomainSocketAddress.of(path), count);
    } finally {
      Files.deleteIfExists(path);
      Files.delete(folder);
    }
  }

  static Sockets tcp(int count) throws IOException {
    SocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new Sockets(ServerSocketChannel.open(), any, count);
  }

  /** All of them, watched for writing, for which there is room. */
  Watched writing() {
    return new Watched(sockets, true);
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel socket : sockets) {
      socket.close();
    }
    for (SocketChannel peer : peers) {
      peer.close();
    }
  }
}
