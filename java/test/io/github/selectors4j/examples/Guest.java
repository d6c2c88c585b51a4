package io.github.selectors4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Somebody who has joined a chat. */
final class Guest implements AutoCloseable {
  private final Socket socket;
  private final BufferedReader received;

  Guest(String port) throws IOException {
    this(Integer.parseInt(port));
  }

  /** Joins the chat of another. */
  Guest(Guest other) throws IOException {
    this(other.socket.getPort());
  }

  private Guest(int port) throws IOException {
    socket = new Socket("localhost", port);
    socket.setSoTimeout(60_000);
    received = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
  }

  void send(String line) throws IOException {
    socket.getOutputStream().write((line + '\n').getBytes(UTF_8));
  }

  void await(String line) throws IOException {
    awaitAll(line);
  }

  /** Reads until these lines have come, in any order. */
  void awaitAll(String... lines) throws IOException {
    Set<String> missing = new HashSet<>(List.of(lines));
    while (!missing.isEmpty()) {
      String line = received.readLine();
      assertNotNull(line, () -> "the chat has ended without " + missing);
      missing.remove(line);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
