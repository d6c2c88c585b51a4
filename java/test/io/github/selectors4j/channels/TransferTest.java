package io.github.selectors4j.channels;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.Allocation;
import io.github.selectors4j.Crew;
import io.github.selectors4j.SelectThread;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes, and the buffers that they come from and go to. */
@Tag("mechanism-independent")
@Timeout(60)
class TransferTest extends ChannelTestCase {

  /** What a buffer may be. */
  private enum BufferKind implements IntFunction<ByteBuffer> {
    DIRECT {
      @Override
      public ByteBuffer apply(int bytes) {
        return ByteBuffer.allocateDirect(bytes);
      }
    },
    HEAP {
      @Override
      public ByteBuffer apply(int bytes) {
        return ByteBuffer.allocate(bytes);
      }
    },
    DIRECT_VIEW {
      @Override
      public ByteBuffer apply(int bytes) {
        return ByteBuffer.allocateDirect(bytes + 7).position(5).limit(bytes + 5).slice();
      }
    },
    HEAP_VIEW {
      @Override
      public ByteBuffer apply(int bytes) {
        return ByteBuffer.wrap(new byte[bytes + 7], 5, bytes)
            .slice()
            .order(ByteOrder.nativeOrder());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPartOfABufferOfEachKind(BufferKind kind) throws Exception {
    for (FileKind file : FileKind.values()) {
      Ends ends = open(file);
      ByteBuffer out = kind.apply(10).put("0123456789".getBytes(US_ASCII)).flip().position(2);
      out.limit(8);
      assertEquals(6, ends.sink().write(out.duplicate().asReadOnlyBuffer()));
      assertEquals(6, ends.sink().write(out));
      assertEquals(8, out.position());
      assertEquals(8, out.limit());
      ByteBuffer in = kind.apply(9).position(1).limit(8);
      ends.awaitAvailable(12);
      assertEquals(7, ends.source().read(in));
      assertEquals(8, in.position());
      assertEquals(0, ends.source().read(in), "there is no room left");
      assertEquals("2345672", text(in.flip().position(1)));
      assertEquals(0, in.get(0));
      assertEquals(5, ends.source().read(kind.apply(100)));
    }
  }

  @Test
  void aReadOnlyBufferIsRefused() throws Exception {
    Ends ends = open(FileKind.PIPE);
    ends.sink().write(ByteBuffer.allocate(1));
    ByteBuffer readOnly = ByteBuffer.allocate(1).asReadOnlyBuffer();
    assertThrows(IllegalArgumentException.class, () -> ends.source().read(readOnly));
    ByteBuffer[] both = {ByteBuffer.allocate(1), readOnly};
    assertThrows(IllegalArgumentException.class, () -> ends.source().read(both));
    assertEquals(1, ends.source().read(both, 0, 1));
  }

  @Test
  void nothingToTransferIsNoCall() throws Exception {
    Ends ends = open(FileKind.PIPE);
    ByteBuffer empty = ByteBuffer.allocate(0);
    assertEquals(0, ends.source().read(empty));
    assertEquals(0, ends.sink().write(empty));
    assertEquals(0, ends.source().read(new ByteBuffer[] {empty, empty}));
    assertEquals(0, ends.sink().write(new ByteBuffer[0]));
  }

  @Test
  void theEnd() throws Exception {
    for (FileKind file : FileKind.values()) {
      if (file == FileKind.TERMINAL) {
        continue; // has an error instead
      }
      int[] fds = file.open();
      DescriptorChannel source = addCleanup(DescriptorChannel.adopt(fds[0]));
      DescriptorChannel sink = addCleanup(DescriptorChannel.adopt(fds[1]));
      sink.write(ByteBuffer.allocate(1));
      sink.close();
      assertEquals(1, source.read(ByteBuffer.allocate(2)));
      assertEquals(-1, source.read(ByteBuffer.allocate(2)));
      assertEquals(-1, source.read(new ByteBuffer[] {ByteBuffer.allocateDirect(2)}));
      assertEquals(0, source.read(ByteBuffer.allocate(0)));
    }
  }

  @Test
  void severalBuffers() throws Exception {
    for (FileKind file : FileKind.values()) {
      Ends ends = open(file);
      ByteBuffer[] out = {
        ByteBuffer.wrap("not this".getBytes(US_ASCII)),
        ByteBuffer.wrap("heap ".getBytes(US_ASCII)),
        ByteBuffer.allocate(0),
        ByteBuffer.allocateDirect(7).put("direct ".getBytes(US_ASCII)).flip(),
        ByteBuffer.wrap("more".getBytes(US_ASCII)).asReadOnlyBuffer(),
        ByteBuffer.wrap("nor this".getBytes(US_ASCII))
      };
      assertEquals(16, ends.sink().write(out, 1, 4));
      assertEquals(8, out[0].remaining());
      assertEquals(0, out[3].remaining());
      ByteBuffer[] in = {
        ByteBuffer.allocateDirect(3), ByteBuffer.allocate(6), ByteBuffer.allocateDirect(20)
      };
      ends.awaitAvailable(16);
      assertEquals(16, ends.source().read(in));
      assertEquals("hea", text(in[0].flip()));
      assertEquals("p dire", text(in[1].flip()));
      assertEquals("ct more", text(in[2].flip()));
      assertThrows(IndexOutOfBoundsException.class, () -> ends.source().read(in, 1, 3));
      assertThrows(IndexOutOfBoundsException.class, () -> ends.sink().write(out, -1, 1));
      assertThrows(NullPointerException.class, () -> ends.sink().write(new ByteBuffer[1]));
    }
  }

  /** More than one call takes (IOV_MAX), and more than goes through the kept buffer at once. */
  @Test
  void moreThanOneCallTakes() throws Exception {
    for (FileKind file : FileKind.values()) {
      Ends ends = open(file);
      byte[] bytes = new byte[250_000];
      new Random(4711).nextBytes(bytes);
      ByteBuffer[] out = new ByteBuffer[2500];
      for (int i = 0; i < out.length; i++) {
        ByteBuffer part = i % 3 == 0 ? ByteBuffer.allocate(100) : ByteBuffer.allocateDirect(100);
        out[i] = part.put(bytes, i * 100, 100).flip();
      }
      try (var writer = SelectThread.start(() -> ends.sink().write(out))) {
        ByteBuffer all = ByteBuffer.allocate(bytes.length);
        while (all.hasRemaining()) {
          assertTrue(ends.source().read(all) > 0);
        }
        assertArrayEquals(bytes, all.array());
        assertEquals(bytes.length, writer.result());
      }
    }
  }

  /** Of a buffer that is there twice, the second has no room of its own to tell about. */
  @Test
  void theSameBufferTwice() throws Exception {
    Ends ends = open(FileKind.PIPE);
    for (ByteBuffer same :
        new ByteBuffer[] {ByteBuffer.allocate(3), ByteBuffer.allocateDirect(3)}) {
      ByteBuffer[] twice = {same, same};
      assertEquals(6, ends.sink().write(twice));
      assertEquals(0, same.remaining());
      same.clear();
      assertEquals(6, ends.source().read(twice));
      assertEquals(0, same.remaining());
    }
  }

  /** As much as there is room for, in however many calls; a named pipe is found out meanwhile. */
  @Test
  void whatDoesNotBlockFillsTheRoom() throws Exception {
    for (FileKind file : new FileKind[] {FileKind.PIPE, FileKind.NAMED_PIPE}) {
      Ends one = open(file);
      assertEquals(20_000, one.sink().configureBlocking(false).write(ByteBuffer.allocate(20_000)));
      Ends several = open(file);
      ByteBuffer[] buffers = new ByteBuffer[2000];
      Arrays.setAll(buffers, i -> ByteBuffer.allocateDirect(2));
      assertEquals(4000, several.sink().configureBlocking(false).write(buffers));
      buffers = new ByteBuffer[] {ByteBuffer.allocate(10_000), ByteBuffer.allocate(10_000)};
      assertEquals(20_000, several.sink().write(buffers));
    }
  }

  /** The JDK's own channels say so, too, and others would read memory that is somebody else's. */
  @Test
  void theMemoryOfAnArenaThatIsClosed() throws Exception {
    if (Runtime.version().feature() < 22) {
      return; // no Arena
    }
    ByteBuffer buffer = ofAClosedArena();
    Ends ends = open(FileKind.PIPE);
    ends.sink().write(ByteBuffer.allocate(8));
    assertThrows(IllegalStateException.class, () -> ends.source().read(buffer));
    assertThrows(IllegalStateException.class, () -> ends.sink().write(buffer));
    ByteBuffer[] several = {ByteBuffer.allocate(1), buffer};
    assertThrows(IllegalStateException.class, () -> ends.source().read(several));
    assertThrows(IllegalStateException.class, () -> ends.sink().write(several));
    assertEquals(8, ends.source().read(ByteBuffer.allocate(99)));
  }

  private static ByteBuffer ofAClosedArena() throws ReflectiveOperationException {
    Class<?> type = Class.forName("java.lang.foreign.Arena");
    Object arena = type.getMethod("ofConfined").invoke(null);
    Object segment = type.getMethod("allocate", long.class).invoke(arena, 8L);
    Class<?> memory = Class.forName("java.lang.foreign.MemorySegment");
    ByteBuffer buffer = (ByteBuffer) memory.getMethod("asByteBuffer").invoke(segment);
    type.getMethod("close").invoke(arena);
    return buffer;
  }

  /** A message is one call's, however long; an empty one is not the end. */
  @Test
  void messages() throws Exception {
    try (var one = DatagramChannel.open();
        var other = DatagramChannel.open()) {
      var loopback = InetAddress.getLoopbackAddress();
      one.bind(new InetSocketAddress(loopback, 0));
      other.bind(new InetSocketAddress(loopback, 0));
      one.connect(other.getLocalAddress());
      other.connect(one.getLocalAddress());
      DescriptorChannel from = addCleanup(DescriptorChannel.of(one));
      DescriptorChannel to = addCleanup(DescriptorChannel.of(other));
      ByteBuffer large = ByteBuffer.allocate(65_000);
      assertEquals(65_000, from.write(large));
      assertEquals(0, from.write(ByteBuffer.allocate(0)));
      assertEquals(65_000, to.read(ByteBuffer.allocate(100_000)));
      assertEquals(0, to.read(ByteBuffer.allocate(100)), "an empty message");
      to.configureBlocking(false);
      assertEquals(0, to.read(ByteBuffer.allocate(100)), "no message");
      messageOfMoreThanOneCallTakes(from, to.configureBlocking(true));
    }
  }

  private static void messageOfMoreThanOneCallTakes(DescriptorChannel from, DescriptorChannel to)
      throws Exception {
    ByteBuffer[] out = new ByteBuffer[3001];
    ByteBuffer[] in = new ByteBuffer[out.length];
    for (int i = 0; i < out.length; i++) {
      in[i] = i % 3 == 0 ? ByteBuffer.allocateDirect(2) : ByteBuffer.allocate(2);
      out[i] = i % 2 == 0 ? ByteBuffer.allocateDirect(2) : ByteBuffer.allocate(2);
      out[i].putShort(0, (short) i);
    }
    assertEquals(2 * out.length, from.write(out));
    assertEquals(2 * in.length, to.read(in));
    for (int i = 0; i < in.length; i++) {
      assertEquals(i, in[i].getShort(0));
      assertEquals(0, in[i].remaining());
    }
  }

  @Test
  void aLargeHeapBufferIsCopiedInPieces() throws Exception {
    BufferPoolMXBean direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .findFirst()
            .orElseThrow();
    try (FileChannel none = FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE)) {
      DescriptorChannel sink = addCleanup(DescriptorChannel.of(none));
      ByteBuffer large = ByteBuffer.allocate(64 << 20);
      long before = direct.getMemoryUsed();
      assertEquals(64 << 20, sink.write(large));
      long used = direct.getMemoryUsed() - before;
      assertTrue(used <= 1 << 20, () -> used + " bytes of direct memory");
    }
  }

  @Test
  void twoGigabytes(@TempDir Path folder) throws Exception {
    Path sparse = folder.resolve("sparse");
    try (FileChannel file =
            FileChannel.open(
                sparse,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        FileChannel none = FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE)) {
      ByteBuffer large = file.map(MapMode.READ_WRITE, 0, Integer.MAX_VALUE);
      DescriptorChannel sink = addCleanup(DescriptorChannel.of(none));
      assertEquals(Integer.MAX_VALUE, sink.write(large.clear()));
      assertEquals(
          2L * Integer.MAX_VALUE,
          sink.write(new ByteBuffer[] {large.duplicate().clear(), large.duplicate().clear()}));
      Ends ends = open(FileKind.PIPE);
      ends.sink().write(ByteBuffer.wrap(new byte[] {42}));
      assertEquals(1, ends.source().read(large.clear()));
      assertEquals(42, large.get(0));
      ByteBuffer end = large.position(Integer.MAX_VALUE - 1);
      ends.sink().write(ByteBuffer.wrap(new byte[] {43, 44}));
      assertEquals(1, ends.source().read(end));
      assertEquals(43, large.get(Integer.MAX_VALUE - 1));
    }
  }

  @Test
  void regularFiles(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "contents");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      DescriptorChannel both = addCleanup(DescriptorChannel.of(channel));
      ByteBuffer start = ByteBuffer.allocate(4);
      assertEquals(4, both.read(start));
      assertEquals("cont", text(start.flip()));
      assertEquals(4, channel.position(), "the position is the file's");
      assertEquals(2, both.write(ByteBuffer.wrap("--".getBytes(US_ASCII))));
      assertEquals(2, both.read(ByteBuffer.allocateDirect(100)));
      assertEquals(-1, both.read(ByteBuffer.allocate(100)));
      assertEquals("cont--ts", Files.readString(file));
    }
  }

  @ParameterizedTest
  @EnumSource
  void allocatesNothing(BufferKind kind) throws Exception {
    for (FileKind file : FileKind.values()) {
      Ends ends = open(file);
      ByteBuffer buffer = kind.apply(64);
      long bytes =
          Allocation.least(
              1000,
              () -> {
                ends.sink().write(buffer.clear());
                ends.source().read(buffer.clear());
              });
      assertEquals(0, bytes, file::toString);
    }
  }

  /** Several may read, and several write, at once. */
  @ParameterizedTest
  @EnumSource
  void threadsShareAChannel(FileKind file) throws Exception {
    Ends ends = open(file);
    int[] sums = new int[4];
    int each = 2000;
    try (Crew crew = new Crew()) {
      for (int i = 0; i < 2; i++) {
        crew.start(
            () -> {
              for (int n = 0; n < each; n++) {
                ends.sink().write(ByteBuffer.wrap(new byte[] {(byte) (n % 100)}));
              }
            });
        int reader = i;
        crew.start(
            () -> {
              ByteBuffer one = ByteBuffer.allocate(1);
              for (int n = 0; n < each; n++) {
                assertEquals(1, ends.source().read(one.clear()));
                sums[reader] += one.get(0);
              }
            });
      }
      crew.await();
    }
    assertEquals(2 * each / 100 * 4950, sums[0] + sums[1]);
  }

  private static String text(ByteBuffer buffer) {
    return US_ASCII.decode(buffer).toString();
  }
}
