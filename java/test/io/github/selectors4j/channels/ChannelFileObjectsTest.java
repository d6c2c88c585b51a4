package io.github.selectors4j.channels;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.DescriptorTestCase;
import io.github.selectors4j.HasFileno;
import io.github.selectors4j.ReadyKey;
import io.github.selectors4j.SelectThread;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.TestDescriptor;
import io.github.selectors4j.TestLibrary;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a channel is made of, what it is itself, and what becomes of the descriptor. */
@Tag("mechanism-independent")
@Timeout(60)
class ChannelFileObjectsTest extends DescriptorTestCase {

  @Test
  void eachKindOfFileObject(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");
    TestDescriptor.Pair pipe = makePipe();
    pipe.wr().write("xxx");
    try (FileInputStream stream = new FileInputStream(file.toFile());
        ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      assertReadsX(stream);
      stream.getChannel().position(0);
      assertReadsX(stream.getChannel());
      stream.getChannel().position(0);
      assertReadsX(stream.getFD());
      assertReadsX(pipe.rd());
      assertReadsX(pipe.rd().fileno());
      assertReadsX(DescriptorChannel.of(pipe.rd()));
      try (Socket client = new Socket(server.socket().getInetAddress(), port(server));
          SocketChannel accepted = server.accept()) {
        client.getOutputStream().write('x');
        assertReadsX(accepted);
        accepted.write(ByteBuffer.wrap(new byte[] {'x'}));
        assertReadsX(client);
      }
    }
  }

  private static void assertReadsX(Object fileobj) throws IOException {
    try (DescriptorChannel channel = DescriptorChannel.of(fileobj)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      assertEquals(1, channel.read(one), fileobj::toString);
      assertEquals('x', one.get(0));
    }
  }

  @Test
  void whatIsRefused() throws Exception {
    assertThrows(NullPointerException.class, () -> DescriptorChannel.of(null));
    assertThrows(IllegalArgumentException.class, () -> DescriptorChannel.of("no file object"));
    assertThrows(IllegalArgumentException.class, () -> DescriptorChannel.of(-1));
    assertThrows(IllegalArgumentException.class, () -> DescriptorChannel.adopt(-1));
    int bad = makeBadFd();
    for (int fd : new int[] {bad, Integer.MAX_VALUE}) {
      var e = assertThrows(SystemCallException.class, () -> DescriptorChannel.adopt(fd));
      assertEquals("EBADF", e.errnoName());
    }
    int path = TestLibrary.check(TestLibrary.open("/", TestLibrary.O_PATH));
    addCleanup(new TestDescriptor(path));
    assertThrows(SystemCallException.class, () -> DescriptorChannel.of(path));
    HasFileno none =
        () -> {
          throw new IOException("none");
        };
    assertEquals(
        "none", assertThrows(IOException.class, () -> DescriptorChannel.of(none)).getMessage());
  }

  /** The JDK takes the bytes of a child's pipe, and closes it, when the child ends. */
  @Test
  void processesAndTheirStreamsAreRefused() throws Exception {
    Process child = new ProcessBuilder("cat").start();
    try {
      for (Object fileobj :
          new Object[] {
            child,
            child.toHandle(),
            child.getInputStream(),
            child.getErrorStream(),
            child.getOutputStream()
          }) {
        var e = assertThrows(IllegalArgumentException.class, () -> DescriptorChannel.of(fileobj));
        assertTrue(e.getMessage().contains("use the stream itself"), e::getMessage);
      }
    } finally {
      child.getOutputStream().close();
      child.getInputStream().close();
      child.getErrorStream().close();
      child.waitFor();
    }
  }

  @Test
  void isAFileObjectUntilItIsClosed() throws Exception {
    TestDescriptor.Pair pipe = makePipe();
    DescriptorChannel channel = DescriptorChannel.of(pipe.rd());
    assertEquals(pipe.rd().fileno(), channel.fileno());
    assertEquals("DescriptorChannel[fd " + channel.fileno() + "]", channel.toString());
    try (BaseSelector selector = DefaultSelector.open()) {
      var key = selector.register(channel, EVENT_READ);
      pipe.wr().write("x");
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select());
      channel.close();
      assertThrows(ClosedChannelException.class, channel::fileno);
      assertEquals("DescriptorChannel[closed]", channel.toString());
      DescriptorChannel other = addCleanup(DescriptorChannel.of(pipe.rd()));
      assertSame(other, selector.register(other, EVENT_READ).fileobj(), "the closed one makes way");
      assertThrows(ClosedChannelException.class, () -> selector.register(channel, EVENT_READ));
    }
  }

  @Test
  void everyCallOnAClosedChannelSaysSo(@TempDir Path folder) throws Exception {
    TestDescriptor.Pair pipe = makePipe();
    assertSaysThatItIsClosed(DescriptorChannel.of(pipe.rd()));
    try (FileChannel file = FileChannel.open(Files.createFile(folder.resolve("file")))) {
      assertSaysThatItIsClosed(DescriptorChannel.of(file)); // whose reads an interrupt may end
    }
  }

  private static void assertSaysThatItIsClosed(DescriptorChannel channel) throws Exception {
    assertTrue(channel.isOpen());
    channel.close();
    channel.close();
    assertFalse(channel.isOpen());
    ByteBuffer one = ByteBuffer.allocate(1);
    ByteBuffer none = ByteBuffer.allocate(0);
    assertThrowsExactly(ClosedChannelException.class, () -> channel.read(one));
    assertThrowsExactly(ClosedChannelException.class, () -> channel.read(none));
    assertThrowsExactly(ClosedChannelException.class, () -> channel.write(one));
    assertThrowsExactly(ClosedChannelException.class, () -> channel.write(none));
    assertThrowsExactly(ClosedChannelException.class, () -> channel.read(new ByteBuffer[] {one}));
    assertThrowsExactly(ClosedChannelException.class, () -> channel.write(new ByteBuffer[] {one}));
    assertThrowsExactly(ClosedChannelException.class, channel::accept);
    assertThrowsExactly(ClosedChannelException.class, channel::duplicate);
    assertThrowsExactly(ClosedChannelException.class, () -> channel.configureBlocking(false));
  }

  @Test
  void anAdoptedNumberIsClosedAndABorrowedOneIsNot() throws Exception {
    int[] ends = new int[2];
    TestLibrary.check(TestLibrary.pipe(ends));
    DescriptorChannel.of(ends[0]).close();
    assertTrue(TestLibrary.getFl(ends[0]) >= 0);
    DescriptorChannel source = DescriptorChannel.adopt(ends[0]);
    DescriptorChannel sink = DescriptorChannel.adopt(ends[1]);
    DescriptorChannel copy = source.configureBlocking(false).duplicate();
    assertTrue(copy.isBlocking());
    assertEquals(TestLibrary.FD_CLOEXEC, TestLibrary.getFd(copy.fileno()));
    source.close();
    assertEquals(-TestLibrary.EBADF, TestLibrary.getFl(ends[0]));
    sink.write(ByteBuffer.allocate(1));
    sink.close();
    assertEquals(1, copy.read(ByteBuffer.allocateDirect(8)));
    assertEquals(-1, copy.read(ByteBuffer.allocateDirect(8)));
    copy.close();
  }

  @Test
  void acceptsConnections() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      DescriptorChannel listener = addCleanup(DescriptorChannel.of(server));
      assertNull(listener.configureBlocking(false).accept());
      listener.configureBlocking(true);
      try (SelectThread<DescriptorChannel> thread = SelectThread.startBlocked(listener::accept);
          SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
        DescriptorChannel accepted = addCleanup(thread.result());
        assertTrue(accepted.isBlocking());
        assertEquals(TestLibrary.FD_CLOEXEC, TestLibrary.getFd(accepted.fileno()));
        client.write(UTF_8.encode("hello"));
        client.shutdownOutput();
        var input = Channels.newInputStream(accepted);
        assertEquals("hello", new String(input.readAllBytes(), UTF_8));
        int number = accepted.fileno();
        accepted.close();
        assertEquals(-TestLibrary.EBADF, TestLibrary.getFl(number));
      }
      try (SelectThread<DescriptorChannel> thread = SelectThread.startBlocked(listener::accept)) {
        listener.close();
        assertSame(AsynchronousCloseException.class, thread.failure().getClass());
      }
      assertTrue(server.isOpen());
    }
  }

  /** Whether or not there is something to read. */
  @Test
  void acceptsNothingWithoutAListeningSocket() throws Exception {
    int[] sockets = new int[2];
    TestLibrary.check(TestLibrary.tcpPair(sockets));
    DescriptorChannel connected = addCleanup(DescriptorChannel.adopt(sockets[0]));
    DescriptorChannel peer = addCleanup(DescriptorChannel.adopt(sockets[1]));
    TestDescriptor.Pair pipe = makePipe();
    DescriptorChannel none = addCleanup(DescriptorChannel.of(pipe.rd()));
    for (boolean isBlocking : new boolean[] {true, false, true}) {
      connected.configureBlocking(isBlocking);
      none.configureBlocking(isBlocking);
      assertRefusesToAccept("EINVAL", connected);
      assertRefusesToAccept("ENOTSOCK", none);
      peer.write(ByteBuffer.allocate(1));
      pipe.wr().write("x");
    }
  }

  private static void assertRefusesToAccept(String errno, DescriptorChannel channel) {
    assertEquals(errno, assertThrows(SystemCallException.class, channel::accept).errnoName());
  }

  private static int port(ServerSocketChannel server) throws IOException {
    return ((InetSocketAddress) server.getLocalAddress()).getPort();
  }
}
