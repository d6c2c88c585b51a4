package io.github.selectors4j.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.Crew;
import io.github.selectors4j.SelectThread;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.TestDescriptor;
import io.github.selectors4j.TestLibrary;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the system has to say against a call, and signals, which are none of it. */
@Tag("mechanism-independent")
@Timeout(60)
class ChannelErrorsTest extends ChannelTestCase {

  private static final int SIGNALS = 10_000;

  /** Nobody reads: an error, and no signal that would be the end of this JVM. */
  @ParameterizedTest
  @EnumSource(names = {"PIPE", "NON_BLOCKING_PIPE", "SOCKETS", "NAMED_PIPE"})
  void aBrokenPipe(FileKind kind) throws Exception {
    int[] ends = kind.open();
    DescriptorChannel sink = addCleanup(DescriptorChannel.adopt(ends[1]));
    TestLibrary.check(TestLibrary.close(ends[0]));
    for (ByteBuffer buffer :
        new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocateDirect(1)}) {
      assertFails("write", ends[1], "EPIPE", () -> sink.write(buffer));
      assertEquals(0, buffer.position());
      assertFails("write", ends[1], "EPIPE", () -> sink.write(new ByteBuffer[] {buffer}));
    }
  }

  @Test
  void aTerminalThatHangsUp() throws Exception {
    int[] ends = new int[2];
    TestLibrary.check(TestLibrary.openpty(ends));
    DescriptorChannel master = addCleanup(DescriptorChannel.adopt(ends[0]));
    DescriptorChannel slave = addCleanup(DescriptorChannel.adopt(ends[1]));
    slave.write(ByteBuffer.allocate(3));
    slave.close();
    assertEquals(3, master.read(ByteBuffer.allocate(9)));
    assertFails("read", ends[0], "EIO", () -> master.read(ByteBuffer.allocate(9)));
  }

  /** As serial lines often are set up: read(2) returns 0, as it does at the end. */
  @Test
  void aTerminalThatReadsNothingIsNotAtItsEnd() throws Exception {
    for (boolean nonBlocking : new boolean[] {true, false}) {
      int[] ends = new int[2];
      TestLibrary.check(TestLibrary.openpty(ends));
      DescriptorChannel master = addCleanup(DescriptorChannel.adopt(ends[0]));
      FileKind.setNonBlocking(ends[1], nonBlocking);
      DescriptorChannel line = addCleanup(DescriptorChannel.adopt(ends[1]));
      stty(ends[1], "min", "0", "time", "0");
      ByteBuffer direct = ByteBuffer.allocateDirect(9);
      line.configureBlocking(false);
      assertEquals(0, line.read(direct));
      assertEquals(0, line.read(new ByteBuffer[] {direct}));
      line.configureBlocking(true);
      try (var reader = SelectThread.start(reading(line))) {
        reader.awaitBlocked();
        master.write(ByteBuffer.allocate(1));
        assertEquals(1, reader.result());
      }
      stty(ends[1], "icanon", "eof", "^D");
      master.write(ByteBuffer.wrap(new byte[] {'D' - '@'}));
      assertEquals(-1, line.read(direct));
      master.close();
      assertEquals(-1, line.read(direct));
    }
  }

  private static void stty(int terminal, String... settings) throws Exception {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(settings));
    Process stty =
        new ProcessBuilder(command)
            .redirectInput(new File("/proc/self/fd/" + terminal))
            .redirectErrorStream(true)
            .start();
    assertEquals("", new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    assertEquals(0, stty.waitFor());
  }

  @Test
  void aDiskThatIsFull() throws Exception {
    int fd = TestLibrary.check(TestLibrary.open("/dev/full", TestLibrary.O_RDWR));
    DescriptorChannel full = addCleanup(DescriptorChannel.adopt(fd));
    assertFails("write", fd, "ENOSPC", () -> full.write(ByteBuffer.allocate(1)));
    assertEquals(5, full.read(ByteBuffer.allocateDirect(5)));
  }

  @Test
  void whatCantBeReadOrWritten() throws Exception {
    for (FileKind kind : List.of(FileKind.PIPE, FileKind.NAMED_PIPE)) {
      Ends ends = open(kind);
      assertFails(
          "write", ends.sourceFd(), "EBADF", () -> ends.source().write(ByteBuffer.allocate(1)));
      assertFails("read", ends.sinkFd(), "EBADF", () -> ends.sink().read(ByteBuffer.allocate(1)));
    }
    int fd = TestLibrary.check(TestLibrary.open("/", TestLibrary.O_RDONLY));
    DescriptorChannel folder = addCleanup(DescriptorChannel.adopt(fd));
    assertFails("read", fd, "EISDIR", () -> folder.read(ByteBuffer.allocate(1)));
  }

  /** An eventfd takes eight bytes: what else is an error, and leaves the channel as good. */
  @Test
  void counters() throws Exception {
    TestDescriptor eventfd = addCleanup(new TestDescriptor(TestLibrary.eventfd(3)));
    FileKind.setNonBlocking(eventfd.fileno(), false);
    DescriptorChannel channel = addCleanup(DescriptorChannel.of(eventfd));
    assertFails("read", eventfd.fileno(), "EINVAL", () -> channel.read(ByteBuffer.allocate(7)));
    assertEquals(8, channel.read(ByteBuffer.allocate(8)));
    channel.configureBlocking(false);
    assertEquals(0, channel.read(ByteBuffer.allocate(8)));
    assertEquals(8, channel.write(ByteBuffer.allocate(8).put(0, (byte) 1)));
    assertEquals(8, channel.read(ByteBuffer.allocateDirect(8)));
  }

  private static void assertFails(String call, int fd, String errno, Executable body) {
    SystemCallException e = assertThrows(SystemCallException.class, body);
    assertEquals(call + "(fd " + fd + ")", e.call());
    assertEquals(errno, e.errnoName());
  }

  /** Each call that a signal interrupts is made again, and no byte is lost. */
  @ParameterizedTest
  @EnumSource
  void signals(FileKind kind) throws Exception {
    TestLibrary.check(TestLibrary.installHandler(TestLibrary.SIGUSR1));
    int before = TestLibrary.signalsHandled();
    Ends ends = open(kind);
    AtomicLong read = new AtomicLong();
    AtomicLong reader = new AtomicLong();
    CountDownLatch over = new CountDownLatch(1);
    try (Crew crew = new Crew()) {
      crew.start(
          () -> {
            reader.set(TestLibrary.threadSelf());
            ByteBuffer bytes = ByteBuffer.allocateDirect(1000);
            long sum = 0;
            for (byte next = 0; next >= 0; ) {
              bytes.clear();
              ends.source().read(bytes);
              for (bytes.flip(); bytes.hasRemaining(); sum += next) {
                next = bytes.get();
              }
            }
            read.set(sum);
            over.await(); // A signal to a thread that is gone would be fatal.
          });
      while (reader.get() == 0) {
        Thread.onSpinWait();
      }
      long written = 0;
      ByteBuffer bytes = ByteBuffer.allocate(1);
      for (int i = 0; i < SIGNALS; i++) {
        byte next = (byte) (i < SIGNALS - 1 ? i & 0x7f : -1);
        assertEquals(1, ends.sink().write(bytes.clear().put(next).flip()));
        written += next;
        TestLibrary.check(TestLibrary.pthreadKill(reader.get(), TestLibrary.SIGUSR1));
      }
      over.countDown();
      crew.await();
      assertEquals(written, read.get());
    }
    assertTrue(TestLibrary.signalsHandled() > before);
  }
}
