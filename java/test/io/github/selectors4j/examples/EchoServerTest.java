package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.EveryMechanism;
import io.github.selectors4j.Mechanism;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class EchoServerTest {
  private static final String PYTHON_CLIENT =
      "java/test/io/github/selectors4j/examples/echo_client.py";

  @EveryMechanism
  void servesManyConnectionsOfPythonAtOnce(Mechanism mechanism) throws Exception {
    try (ExampleProcess server =
        ExampleProcess.start(EchoServer.class, "0", "localhost", mechanism.name())) {
      String port = server.port();
      verifyWithPython(port, "500", "100000");
      verifyWithPython(port, "4", "16000000"); // more than the kernel holds: partial writes
    }
  }

  private static void verifyWithPython(String port, String connections, String size)
      throws Exception {
    try (ExampleProcess client =
        ExampleProcess.start("python3", PYTHON_CLIENT, port, connections, size)) {
      client.await("all verified");
      assertEquals(0, client.process.waitFor());
    }
  }

  @Test
  void talksToNetcat() throws Exception {
    try (ExampleProcess server = start();
        ExampleProcess netcat = ExampleProcess.start("nc", "localhost", server.port())) {
      netcat.send("hello");
      netcat.await("^hello$");
    }
  }

  @Test
  void survivesClientThatResetsWithAnswersPending() throws Exception {
    try (ExampleProcess server = start()) {
      int port = Integer.parseInt(server.port());
      for (int i = 0; i < 20; i++) {
        try (Socket client = new Socket("localhost", port)) {
          client.getOutputStream().write(new byte[100_000]);
          client.setSoLinger(true, 0);
        }
      }
      assertEchoes(port);
    }
  }

  /** What fails this: waiting to write with nothing to send, or to read with no room for it. */
  @Test
  void restsWhileClientsDoNothing() throws Exception {
    try (ExampleProcess server = start()) {
      int port = Integer.parseInt(server.port());
      InetSocketAddress address = new InetSocketAddress("localhost", port);
      try (SocketChannel idle = SocketChannel.open(address);
          SocketChannel doesNotRead = SocketChannel.open(address)) {
        idle.write(ByteBuffer.allocate(1));
        assertEquals(1, idle.read(ByteBuffer.allocate(1)));
        fill(doesNotRead);
        assertEchoes(port);
        awaitRest(server);
      }
    }
  }

  private static ExampleProcess start() throws IOException {
    return ExampleProcess.start(EchoServer.class, "0");
  }

  private static void assertEchoes(int port) throws IOException {
    byte[] message = "still there?".getBytes(UTF_8);
    try (Socket client = new Socket("localhost", port)) {
      client.getOutputStream().write(message);
      assertArrayEquals(message, client.getInputStream().readNBytes(message.length));
    }
  }

  /** Sends until the server takes no more. */
  private static void fill(SocketChannel channel) throws IOException {
    channel.configureBlocking(false);
    try (BaseSelector selector = DefaultSelector.open()) {
      selector.register(channel, EVENT_WRITE);
      while (!selector.select(Duration.ofMillis(200)).isEmpty()) {
        channel.write(ByteBuffer.allocate(100_000));
      }
    }
  }

  /** Waits until the server sleeps and goes on sleeping. */
  private static void awaitRest(ExampleProcess server) throws IOException {
    String state = mainThread(server);
    for (int tries = 0; tries < 150; tries++) {
      String before = state;
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
      state = mainThread(server);
      if (state.equals(before) && !state.contains("running")) {
        return;
      }
    }
    fail("the server does not rest: " + state);
  }

  /** The states of the first threads and how often they have slept and been woken: proc(5). */
  private static String mainThread(ExampleProcess server) throws IOException {
    StringBuilder state = new StringBuilder();
    Path threads = Path.of("/proc/" + server.process.pid() + "/task");
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(threads)) {
      for (Path thread : entries) {
        List<String> status;
        try {
          status = Files.readAllLines(thread.resolve("status"));
        } catch (IOException ended) {
          continue; // as the compiler's threads do
        }
        if (status.contains("Name:\tjava")) {
          status.stream()
              .filter(line -> line.matches("State.*|.*switches.*"))
              .forEach(state::append);
        }
      }
    }
    return state.toString();
  }
}
