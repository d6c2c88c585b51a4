package io.github.selectors4j.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.EveryMechanism;
import io.github.selectors4j.Mechanism;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** ActivatedEcho, started by systemd's own program for that. */
class ActivationRecipe {
  @TempDir Path folder;

  @EveryMechanism
  void servesBothSocketsAndEndsWhenNobodyIsThere(Mechanism mechanism) throws Exception {
    List<Path> sockets = List.of(folder.resolve("first"), folder.resolve("second"));
    List<String> starter = new ArrayList<>(List.of("systemd-socket-activate"));
    sockets.forEach(socket -> starter.add("--listen=" + socket));
    try (ExampleProcess server = Recipes.start(mechanism, starter, ActivatedEcho.class, "1")) {
      for (Path socket : sockets) {
        server.await("^Listening on " + socket + " as ");
      }
      List<SocketChannel> clients = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        clients.add(SocketChannel.open(UnixDomainSocketAddress.of(sockets.get(i % 2))));
      }
      for (SocketChannel client : clients) {
        assertEchoes(client, "hello".getBytes(US_ASCII));
      }
      assertEchoes(clients.get(0), new byte[3_000_000]);
      for (SocketChannel client : clients) {
        client.close();
      }
      server.awaitEnd();
      assertEquals(0, server.process.waitFor());
    }
  }

  private static void assertEchoes(SocketChannel client, byte[] message) throws Exception {
    Thread writer =
        new Thread(
            () -> {
              try {
                client.write(ByteBuffer.wrap(message));
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    writer.start();
    ByteBuffer received = ByteBuffer.allocate(message.length);
    while (received.hasRemaining() && client.read(received) >= 0) {
      // goes on
    }
    assertArrayEquals(message, received.array());
    writer.join();
  }
}
