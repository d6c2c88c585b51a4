package io.github.selectors4j.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.EveryMechanism;
import io.github.selectors4j.Mechanism;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** libpq, and the PostgreSQL server on port {@code -Dselectors4j.test.postgres} of this machine. */
class LibpqConnections {
  private static final int PORT = Integer.getInteger("selectors4j.test.postgres");
  private static final String SERVER =
      "hostaddr=127.0.0.1 user=selectors4j dbname=postgres sslmode=disable gssencmode=disable ";

  /** libpq logs in, learns that the server is no standby, and begins anew, now content with any. */
  private static final String SECOND_PASS =
      SERVER + "port=" + PORT + " target_session_attrs=prefer-standby";

  /** Has a port that refuses: nobody listens there, and nobody else can. */
  private final Socket refusing = new Socket();

  @BeforeEach
  void bind() throws IOException {
    refusing.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterEach
  void unbind() throws IOException {
    refusing.close();
  }

  /** The first of two hosts refuses: libpq closes its socket, and opens one for the second. */
  private String secondHost() {
    return SERVER.replace("127.0.0.1", "127.0.0.1,127.0.0.1")
        + "port=%d,%d".formatted(refusing.getLocalPort(), PORT);
  }

  @EveryMechanism
  void connectsToTheSecondHost(Mechanism mechanism) throws IOException {
    connectOneByOne(mechanism, secondHost(), 200);
  }

  @EveryMechanism
  void connectsInASecondPass(Mechanism mechanism) throws IOException {
    connectOneByOne(mechanism, SECOND_PASS, 50);
  }

  private static void connectOneByOne(Mechanism mechanism, String parameters, int times)
      throws IOException {
    try (LibrarySockets sockets = new LibrarySockets(mechanism);
        LibpqConnection connection = new LibpqConnection(sockets)) {
      for (int i = 0; i < times; i++) {
        connection.connect(parameters);
        assertEquals(List.of("" + i), connection.query("SELECT " + i));
        if (i % 2 == 0) {
          connection.disconnect();
        } else {
          connection.finish(); // and the next one finds its number registered
        }
      }
      assertReopened(sockets, times);
    }
  }

  @EveryMechanism
  void connectsManyAtOnce(Mechanism mechanism) throws IOException {
    int[] left = {160};
    try (LibrarySockets sockets = new LibrarySockets(mechanism)) {
      List<LibpqConnection> all =
          Stream.generate(() -> new LibpqConnection(sockets)).limit(8).toList();
      try {
        for (LibpqConnection one : all) {
          one.onConnected(
              () -> {
                left[0]--;
                one.disconnect();
                start(one, left[0]);
              });
          start(one, all.indexOf(one));
        }
        sockets.selectUntil(() -> left[0] <= 0, () -> left[0] + " more connections: " + all);
      } finally {
        all.forEach(LibpqConnection::close);
      }
      assertReopened(sockets, 160);
    }
  }

  private void start(LibpqConnection connection, int number) {
    try {
      connection.start(number % 2 == 0 ? secondHost() : SECOND_PASS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A number is another one at times only where the JVM, too, opens descriptors. */
  private static void assertReopened(LibrarySockets sockets, int connections) {
    assertTrue(
        sockets.reopened() > connections / 2,
        () -> sockets.reopened() + " numbers reopened by " + connections + " connections");
  }

  @EveryMechanism
  void exchangesMoreThanSocketsHold(Mechanism mechanism) throws IOException {
    String text = "0123456789abcdef".repeat(1 << 18);
    try (LibrarySockets sockets = new LibrarySockets(mechanism);
        LibpqConnection connection = new LibpqConnection(sockets)) {
      connection.connect(secondHost());
      for (int i = 0; i < 3; i++) {
        assertEquals(List.of(text), connection.query("SELECT '" + text + "'"));
        assertEquals(20_000, connection.query("SELECT generate_series(1, 20000)").size());
      }
    }
  }

  @EveryMechanism
  void isNotified(Mechanism mechanism) throws IOException {
    try (LibrarySockets sockets = new LibrarySockets(mechanism);
        LibpqConnection listener = new LibpqConnection(sockets);
        LibpqConnection notifier = new LibpqConnection(sockets)) {
      listener.connect(secondHost());
      notifier.connect(secondHost());
      listener.query("LISTEN news");
      for (int i = 0; i < 50; i++) {
        notifier.query("NOTIFY news, 'number " + i + "'");
        assertEquals("number " + i, listener.awaitNotification());
      }
    }
  }

  @EveryMechanism
  void reconnectsAfterTheServerHasEndedIt(Mechanism mechanism) throws IOException {
    try (LibrarySockets sockets = new LibrarySockets(mechanism);
        LibpqConnection connection = new LibpqConnection(sockets);
        LibpqConnection other = new LibpqConnection(sockets)) {
      connection.connect(secondHost());
      other.connect(secondHost());
      for (int i = 0; i < 20; i++) {
        other.query("SELECT pg_terminate_backend(" + connection.serverProcess() + ")");
        connection.awaitLost();
        connection.reconnect();
        assertEquals(List.of("" + i), connection.query("SELECT " + i));
      }
      assertReopened(sockets, 40);
    }
  }
}
