package io.github.selectors4j.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.Interposed;
import io.github.selectors4j.SystemCallErrors;
import io.github.selectors4j.SystemCallException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each call that a channel makes for its user, with each errno: the user is told, or the call is
 * made again, after a wait if it would block.
 */
@Tag(Interposed.ONLY)
@Timeout(60)
class ChannelFaultTest extends ChannelTestCase {

  private static final Set<String> HANDLED = Set.of("EAGAIN", "ECONNABORTED", "EINTR");

  /** What makes the call. */
  private interface Transfer {
    void run() throws IOException;
  }

  static Stream<Arguments> faults() {
    return SystemCallErrors.OF_CHANNELS.entrySet().stream()
        .flatMap(call -> call.getValue().stream().map(e -> Arguments.of(call.getKey(), e)));
  }

  @AfterEach
  void noMoreFaults() {
    Interposed.reset();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void isToldOrHandled(String call, String errno) throws Exception {
    Transfer transfer = prepare(call);
    Interposed.reset();
    Interposed.fail(call, errno, 0, 1);
    if (HANDLED.contains(errno)) {
      transfer.run();
    } else {
      var told = assertThrows(SystemCallException.class, transfer::run);
      assertEquals(errno, told.errnoName());
    }
    assertEquals(1, Interposed.failed());
    transfer.run();
  }

  /** A signal that comes while a file is asked tells nothing about it. */
  @Test
  void aSignalIsNoReadiness() throws Exception {
    Ends ends = open(FileKind.NAMED_PIPE);
    ends.source().configureBlocking(false);
    assertEquals(0, ends.source().read(two()));
    Interposed.reset();
    Interposed.fail("poll", "EINTR", 0, 1);
    assertEquals(0, ends.source().read(two()));
    assertEquals(1, Interposed.failed());
  }

  private Transfer prepare(String call) throws IOException {
    if (call.equals("accept4")) {
      return accepting();
    }
    FileKind kind =
        switch (call) {
          case "preadv2", "pwritev2" -> FileKind.PIPE;
          case "readv", "writev" -> FileKind.NON_BLOCKING_PIPE;
          default -> FileKind.SOCKETS;
        };
    Ends ends = open(kind);
    boolean isSeveral = !call.equals("recv") && !call.equals("send");
    if (!call.equals("preadv2") && !call.startsWith("re")) {
      return () -> assertEquals(2, isSeveral ? write(ends) : ends.sink().write(two()));
    }
    ends.sink().write(two());
    ends.sink().write(two());
    return () -> assertEquals(2, isSeveral ? read(ends) : ends.source().read(two()));
  }

  private static long read(Ends ends) throws IOException {
    return ends.source().read(new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocate(1)});
  }

  private static long write(Ends ends) throws IOException {
    return ends.sink().write(new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocate(1)});
  }

  private static ByteBuffer two() {
    return ByteBuffer.allocateDirect(2);
  }

  private Transfer accepting() throws IOException {
    ServerSocketChannel server = addCleanup(ServerSocketChannel.open());
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    addCleanup(SocketChannel.open(server.getLocalAddress()));
    addCleanup(SocketChannel.open(server.getLocalAddress()));
    DescriptorChannel listener = addCleanup(DescriptorChannel.of(server));
    int fd = listener.fileno();
    Interposed.lendIfThere(fd, false);
    addCleanup(() -> Interposed.takeBackIfThere(fd));
    return () -> {
      try (DescriptorChannel accepted = listener.accept()) {
        assertTrue(accepted.isOpen());
      }
    };
  }
}
