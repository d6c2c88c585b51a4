package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.TestLibrary.check;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.function.ThrowingSupplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Watches real file objects of a kind on every mechanism. That the selector has found the right
 * descriptor shows in the bytes: what is sent to the object is read from {@link SelectorKey#fd} by
 * the bare system call, and the other way round.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.selectors4j.Mechanisms#underTest")
abstract class WatchedObjectTest {
  static final byte[] HELLO = "hello".getBytes(US_ASCII);
  static final Duration LONG = Duration.ofSeconds(30);
  static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @Parameter Mechanism mechanism;
  @TempDir Path directory;

  private final Deque<AutoCloseable> resources = new ArrayDeque<>();
  BaseSelector selector;

  @BeforeEach
  void openSelector() throws IOException {
    selector = closing(mechanism.open());
  }

  @AfterEach
  void closeAll() throws Exception {
    while (!resources.isEmpty()) {
      resources.pop().close();
    }
  }

  /** What is sent to the object comes out of its descriptor. */
  final void assertReads(Object object, Executable send) throws Exception {
    SelectorKey key = assertBecomesReadable(object, send);
    assertArrayEquals(HELLO, TestLibrary.read(key.fd()), () -> "another descriptor than " + object);
  }

  /** Watches the object all through: idle, ready, changed, gone. */
  final SelectorKey assertBecomesReadable(Object object, Executable send) throws Exception {
    Map<Integer, Integer> flags = fileFlags();
    Object data = new Object();
    SelectorKey key = selector.register(object, EVENT_READ, data);
    assertSame(object, key.fileobj());
    assertSame(data, key.data());
    assertSame(key, selector.getKey(object));
    assertSame(key, selector.getKey(key.fd()));
    assertTrue(selector.selectNow().isEmpty(), () -> object + " is ready too early");

    execute(send);
    assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select(LONG));
    assertNotEquals(0, TestLibrary.poll(key.fd(), TestLibrary.POLLIN, 0));

    assertSame(key, selector.unregister(object));
    assertTrue(selector.selectNow().isEmpty(), () -> object + " is still watched");
    assertFlagsUnchanged(flags);
    return key;
  }

  /** What goes into its descriptor is received from the object's other side. */
  final void assertWrites(Object object, ThrowingSupplier<byte[]> receive) throws Exception {
    Map<Integer, Integer> flags = fileFlags();
    SelectorKey key = selector.register(object, EVENT_WRITE);
    assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.select(LONG));
    TestLibrary.write(key.fd(), HELLO);
    assertSame(key, selector.unregister(object));
    assertFlagsUnchanged(flags);
    try {
      assertArrayEquals(HELLO, receive.get(), () -> "another descriptor than " + object);
    } catch (Throwable e) {
      throw new AssertionError("nothing received from " + object, e);
    }
  }

  /** The blocking mode, and whatever else fcntl(F_GETFL) tells, of every open descriptor. */
  private static Map<Integer, Integer> fileFlags() throws IOException {
    Map<Integer, Integer> flags = new LinkedHashMap<>();
    for (int fd : DescriptorLeakCheck.openDescriptors().keySet()) {
      flags.put(fd, TestLibrary.getFl(fd));
    }
    return flags;
  }

  private static void assertFlagsUnchanged(Map<Integer, Integer> before) {
    before.forEach(
        (fd, flags) -> assertEquals(flags, TestLibrary.getFl(fd), () -> "the flags of fd " + fd));
  }

  final Pipe openPipe() throws IOException {
    Pipe pipe = Pipe.open();
    closing(pipe.source());
    closing(pipe.sink());
    return pipe;
  }

  static void sendDatagram(SocketAddress address) throws IOException {
    try (DatagramSocket sender = new DatagramSocket(ANY_PORT)) {
      sender.send(new DatagramPacket(HELLO, HELLO.length, address));
    }
  }

  static byte[] receiveDatagram(DatagramChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(64);
    channel.receive(buffer);
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  static byte[] receiveDatagram(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[64], 64);
    socket.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  static byte[] receive(ReadableByteChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(HELLO.length);
    while (buffer.hasRemaining()) {
      channel.read(buffer);
    }
    return buffer.array();
  }

  private static void execute(Executable action) throws Exception {
    try {
      action.execute();
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Closes the resource after the test. */
  final <T extends AutoCloseable> T closing(T resource) {
    resources.push(resource);
    return resource;
  }

  final int closing(int fd) {
    resources.push(() -> check(TestLibrary.close(fd)));
    return fd;
  }
}
