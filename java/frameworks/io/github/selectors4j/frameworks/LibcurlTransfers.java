package io.github.selectors4j.frameworks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.EveryMechanism;
import io.github.selectors4j.Mechanism;
import java.io.IOException;
import java.util.function.IntFunction;

/**
 * libcurl's multi interface, and the HTTP server on port {@code -Dselectors4j.test.http} of this
 * machine: after {@code /keep/} it keeps a connection, after {@code /close/} it says that it closes
 * it, after {@code /drop/} it closes it without a word. All bring as many bytes as they are asked
 * for, or were sent.
 */
class LibcurlTransfers {
  private static final int PORT = Integer.getInteger("selectors4j.test.http");
  private static final String[] ENDS = {"keep", "close", "keep", "keep", "drop"};

  /** Of which the first one refuses: the server listens on the second one only. */
  private static final String TWO_ADDRESSES = "two.invalid:" + PORT + ":127.0.0.2,127.0.0.1";

  @EveryMechanism
  void transfersOverConnectionsOfTheirOwn(Mechanism mechanism) throws IOException {
    transfer(mechanism, 200, i -> get("127.0.0.1", "keep", i).alone());
  }

  @EveryMechanism
  void transfersOverKeptConnections(Mechanism mechanism) throws IOException {
    transfer(mechanism, 200, i -> get("127.0.0.1", ENDS[i % ENDS.length], i));
  }

  @EveryMechanism
  void transfersFromTheSecondAddress(Mechanism mechanism) throws IOException {
    transfer(mechanism, 100, i -> get("two.invalid", "close", i).resolving(TWO_ADDRESSES));
  }

  @EveryMechanism
  void modifiesNumbersThatAreOtherSockets(Mechanism mechanism) throws IOException {
    try (LibrarySockets sockets = new LibrarySockets(mechanism);
        LibcurlMulti multi = new LibcurlMulti(sockets, true)) {
      transfer(multi, 200, i -> get("127.0.0.1", "keep", i).alone());
      assertTrue(sockets.reopened() > 100, () -> sockets.reopened() + " numbers were reopened");
    }
  }

  @EveryMechanism
  void sendsMoreThanSocketsHold(Mechanism mechanism) throws IOException {
    byte[] body = body(1_000_000);
    transfer(
        mechanism,
        20,
        // A body that is under way when the server drops the connection is not sent again.
        i ->
            new LibcurlTransfer(url("127.0.0.1", i % 2 == 0 ? "close" : "keep", 0), body)
                .post(body));
  }

  private static LibcurlTransfer get(String host, String end, int number) {
    int size = number % 10 == 0 ? 300_000 : number;
    return new LibcurlTransfer(url(host, end, size), body(size));
  }

  private static String url(String host, String end, int size) {
    return "http://%s:%d/%s/%d".formatted(host, PORT, end, size);
  }

  private static byte[] body(int size) {
    return "0123456789".repeat(size / 10 + 1).substring(0, size).getBytes(US_ASCII);
  }

  private static void transfer(
      Mechanism mechanism, int transfers, IntFunction<LibcurlTransfer> numbered)
      throws IOException {
    try (LibrarySockets sockets = new LibrarySockets(mechanism);
        LibcurlMulti multi = new LibcurlMulti(sockets, false)) {
      transfer(multi, transfers, numbered);
      assertTrue(sockets.reused() > 0, "no number was reused");
    }
  }

  private static void transfer(
      LibcurlMulti multi, int transfers, IntFunction<LibcurlTransfer> numbered) throws IOException {
    for (int i = 0; i < transfers; i++) {
      multi.add(numbered.apply(i));
      if (multi.running() == 8) {
        multi.awaitDone();
      }
    }
    while (multi.running() > 0) {
      multi.awaitDone();
    }
  }
}
