package io.github.selectors4j.channels;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.DescriptorTestCase;
import io.github.selectors4j.SelectThread;
import io.github.selectors4j.TestDescriptor;
import io.github.selectors4j.TestLibrary;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("mechanism-independent")
class DescriptorChannelTest extends DescriptorTestCase {

  @Test
  void whatIsWrittenIsRead() throws Exception {
    TestDescriptor.Pair pipe = makePipe();
    DescriptorChannel source = addCleanup(DescriptorChannel.of(pipe.rd()));
    DescriptorChannel sink = addCleanup(DescriptorChannel.of(pipe.wr()));
    assertEquals(5, sink.write(ByteBuffer.wrap("hello".getBytes(UTF_8))));
    ByteBuffer direct = ByteBuffer.allocateDirect(3);
    assertEquals(3, source.read(direct));
    ByteBuffer heap = ByteBuffer.allocate(64).position(1);
    assertEquals(2, source.read(heap));
    assertEquals("lo", new String(heap.array(), 1, 2, UTF_8));
    pipe.wr().close();
    assertEquals(-1, source.read(heap));
  }

  @Test
  void waitsForTheOtherSide() throws Exception {
    for (TestDescriptor.Pair pair : new TestDescriptor.Pair[] {makePipe(), makeSocketPair()}) {
      DescriptorChannel source = addCleanup(DescriptorChannel.of(pair.rd()));
      try (SelectThread<Integer> thread =
          SelectThread.startBlocked(() -> source.read(ByteBuffer.allocate(9)))) {
        pair.wr().write("x");
        assertEquals(1, thread.result());
      }
      source.configureBlocking(false);
      assertEquals(0, source.read(ByteBuffer.allocate(9)));
    }
  }

  @Test
  void closeAndInterruptEndAWait() throws Exception {
    TestDescriptor.Pair pipe = makePipe();
    DescriptorChannel source = addCleanup(DescriptorChannel.of(pipe.rd()));
    try (SelectThread<Integer> thread =
        SelectThread.startBlocked(() -> source.read(ByteBuffer.allocate(9)))) {
      source.close();
      assertEquals(AsynchronousCloseException.class, thread.failure().getClass());
    }
    DescriptorChannel other = addCleanup(DescriptorChannel.of(pipe.rd()));
    try (SelectThread<Integer> thread =
        SelectThread.startBlocked(() -> other.read(ByteBuffer.allocate(9)))) {
      thread.thread().interrupt();
      assertEquals(ClosedByInterruptException.class, thread.failure().getClass());
    }
    assertFalse(other.isOpen());
    assertThrows(ClosedChannelException.class, other::fileno);
    assertThrows(ClosedChannelException.class, () -> other.read(ByteBuffer.allocate(1)));
    assertTrue(TestLibrary.getFl(pipe.rd().fileno()) >= 0);
  }

  @Test
  void acceptsConnections() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      DescriptorChannel listener = addCleanup(DescriptorChannel.of(server));
      listener.configureBlocking(false);
      assertNull(listener.accept());
      listener.configureBlocking(true);
      try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
        DescriptorChannel accepted = addCleanup(listener.accept());
        client.write(ByteBuffer.wrap(new byte[] {1, 2}));
        ByteBuffer[] parts = {ByteBuffer.allocate(1), ByteBuffer.allocateDirect(8)};
        assertEquals(2, accepted.read(parts));
        parts[0].flip();
        parts[1].flip();
        assertEquals(2, accepted.write(parts));
        accepted.close();
        ByteBuffer all = ByteBuffer.allocate(9);
        while (client.read(all) >= 0) {}
        assertEquals(ByteBuffer.wrap(new byte[] {1, 2}), all.flip());
      }
    }
  }

  @Test
  void anAdoptedNumberIsClosed() throws IOException {
    int[] ends = new int[2];
    TestLibrary.check(TestLibrary.pipe(ends));
    DescriptorChannel source = DescriptorChannel.adopt(ends[0]);
    DescriptorChannel copy = source.duplicate();
    DescriptorChannel sink = DescriptorChannel.adopt(ends[1]);
    source.close();
    assertEquals(-TestLibrary.EBADF, TestLibrary.getFl(ends[0]));
    assertEquals(1, sink.write(ByteBuffer.allocate(1)));
    sink.close();
    assertEquals(1, copy.read(ByteBuffer.allocateDirect(8)));
    assertEquals(-1, copy.read(ByteBuffer.allocateDirect(8)));
    copy.close();
  }
}
