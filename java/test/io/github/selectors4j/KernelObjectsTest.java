package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.TestLibrary.check;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.selectors4j.select.Poll;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/kernel-objects.md tells of Linux's objects, the selectors report, too. */
class KernelObjectsTest extends DescriptorTestCase {
  private static final int BOTH = EVENT_READ | EVENT_WRITE;
  private static final Duration LONG = Duration.ofSeconds(30);

  /** PIPE_BUF: a pipe that is writable takes as much at once. */
  private static final byte[] PIECE = new byte[4096];

  /**
   * A test on each mechanism but kqueue, whose emulation tells nothing of another kernel's objects.
   */
  @Retention(RetentionPolicy.RUNTIME)
  @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
  @MethodSource("mechanisms")
  private @interface OnEachOfLinux {}

  static List<Mechanism> mechanisms() {
    return Mechanisms.underTest().stream().filter(each -> each != Mechanism.KQUEUE).toList();
  }

  @OnEachOfLinux
  void aPipeIsWritableOnlyWhenAWholePageIsFree(Mechanism mechanism) throws Exception {
    TestPipe pipe = addCleanup(TestPipe.open());
    check(TestLibrary.setFl(pipe.sink, TestLibrary.O_NONBLOCK));
    while (TestLibrary.write(pipe.sink, PIECE, PIECE.length) > 0) {}
    assertReports(0, mechanism, pipe.sink, BOTH);
    pipe.read();
    assertReports(0, mechanism, pipe.sink, BOTH);
    for (int left = PIECE.length - 1; left > 0; left--) {
      pipe.read();
    }
    while (TestLibrary.poll(pipe.sink, TestLibrary.POLLOUT, 0) == 0) {
      pipe.read(); // where a page is larger
    }
    assertReports(EVENT_WRITE, mechanism, pipe.sink, BOTH);
    assertEquals(PIECE.length, TestLibrary.write(pipe.sink, PIECE, PIECE.length));
  }

  @OnEachOfLinux
  void theLowWaterMarkHoldsForTcpAndNotForUnixSockets(Mechanism mechanism) throws Exception {
    int[] ends = new int[2];
    check(TestLibrary.tcpPair(ends));
    TestDescriptor tcp = addCleanup(new TestDescriptor(ends[0]));
    TestDescriptor sender = addCleanup(new TestDescriptor(ends[1]));
    TestDescriptor.Pair unix = makeSocketPair();
    check(TestLibrary.setsockoptRcvlowat(tcp.fileno(), 5));
    check(TestLibrary.setsockoptRcvlowat(unix.rd().fileno(), 5));

    unix.wr().write("h");
    assertReports(EVENT_READ, mechanism, unix.rd(), EVENT_READ);
    sender.write("h");
    while (TestLibrary.available(tcp.fileno()) == 0) {
      Thread.onSpinWait();
    }
    assertReports(0, mechanism, tcp, EVENT_READ);
    sender.write("ello");
    assertBecomesReadable(mechanism, tcp);
  }

  @OnEachOfLinux
  void anUnconnectedStreamSocketIsReadyForEverything(Mechanism mechanism) throws Exception {
    SocketChannel tcp = addCleanup(SocketChannel.open());
    SocketChannel unix = addCleanup(SocketChannel.open(StandardProtocolFamily.UNIX));
    assertReports(BOTH, mechanism, tcp, BOTH);
    assertReports(EVENT_READ, mechanism, tcp, EVENT_READ);
    assertReports(BOTH, mechanism, unix, BOTH);
    assertReports(EVENT_READ, mechanism, unix, EVENT_READ);
  }

  /** Which the read then tells. */
  @OnEachOfLinux
  void anErrorOfADatagramSocketWakesAReader(Mechanism mechanism) throws Exception {
    InetAddress here = InetAddress.getLoopbackAddress();
    DatagramSocket deaf = addCleanup(new DatagramSocket(new InetSocketAddress(here, 0)));
    SocketAddress nobody = deaf.getLocalSocketAddress();
    deaf.connect(here, 9); // so that it takes nothing from others, and its port is not free
    DatagramChannel channel = addCleanup(DatagramChannel.open());
    channel.connect(nobody);
    channel.configureBlocking(false);
    assertReports(0, mechanism, channel, EVENT_READ);
    channel.write(ByteBuffer.wrap(PIECE, 0, 1));
    assertBecomesReadable(mechanism, channel);
    assertThrows(PortUnreachableException.class, () -> channel.read(ByteBuffer.allocate(1)));
    assertReports(0, mechanism, channel, EVENT_READ);
  }

  @OnEachOfLinux
  void aTerminalThatHungUpIsReadyForEverything(Mechanism mechanism) throws Exception {
    int[] pair = new int[2];
    check(TestLibrary.openpty(pair));
    TestDescriptor terminal = addCleanup(new TestDescriptor(pair[1]));
    assertReports(EVENT_WRITE, mechanism, terminal, BOTH);
    check(TestLibrary.close(pair[0]));
    assertReports(BOTH, mechanism, terminal, BOTH);
    assertReports(EVENT_READ, mechanism, terminal, EVENT_READ);
  }

  @OnEachOfLinux
  void aHangUpAloneWakesAWriterButNotInSelect(Mechanism mechanism) throws Exception {
    TestPipe pipe = addCleanup(TestPipe.open());
    pipe.closeSink();
    int hangUp = mechanism == Mechanism.SELECT ? 0 : EVENT_WRITE;
    assertReports(hangUp, mechanism, pipe.source, EVENT_WRITE);
    assertReports(EVENT_READ | hangUp, mechanism, pipe.source, BOTH);
  }

  @OnEachOfLinux
  void anEndedProcessStaysReadable(Mechanism mechanism) throws Exception {
    Process process = new ProcessBuilder("cat").start();
    TestDescriptor pidfd = addCleanup(new TestDescriptor(TestLibrary.pidfdOpen(process.pid())));
    assertReports(0, mechanism, pidfd, BOTH);
    process.getOutputStream().close();
    assertBecomesReadable(mechanism, pidfd);
    process.waitFor(); // until the JDK has reaped it
    // A hang-up is newer than pidfds; select never reports it to a writer.
    boolean hungUp = (TestLibrary.poll(pidfd.fileno(), Poll.POLLIN, 0) & Poll.POLLHUP) != 0;
    int hangUp = hungUp && mechanism != Mechanism.SELECT ? EVENT_WRITE : 0;
    assertReports(EVENT_READ | hangUp, mechanism, pidfd, BOTH);
    assertReports(EVENT_READ, mechanism, pidfd, EVENT_READ);
  }

  @OnEachOfLinux
  void aMessageQueueTellsWhatItHoldsWhateverItWasOpenedFor(Mechanism mechanism) throws Exception {
    String name = "/selectors4j-test-" + ProcessHandle.current().pid();
    int both = TestLibrary.O_CREAT | TestLibrary.O_RDWR;
    int sender = addCleanup(new TestDescriptor(TestLibrary.mqOpen(name, both, 2))).fileno();
    TestDescriptor queue =
        addCleanup(new TestDescriptor(TestLibrary.mqOpen(name, TestLibrary.O_RDONLY, 2)));
    check(TestLibrary.mqUnlink(name));
    assertReports(EVENT_WRITE, mechanism, queue, BOTH);
    check(TestLibrary.mqSend(sender));
    assertReports(BOTH, mechanism, queue, BOTH);
    check(TestLibrary.mqSend(sender));
    assertReports(EVENT_READ, mechanism, queue, BOTH);
    check(TestLibrary.mqReceive(queue.fileno()));
    assertReports(BOTH, mechanism, queue, BOTH);
  }

  @OnEachOfLinux
  void anEventfdIsWritableUntilItsCounterIsFull(Mechanism mechanism) throws Exception {
    TestDescriptor counter = addCleanup(new TestDescriptor(TestLibrary.eventfd(0)));
    assertReports(EVENT_WRITE, mechanism, counter, BOTH);
    ByteBuffer most = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(-2);
    TestLibrary.write(counter.fileno(), most.array());
    assertReports(EVENT_READ, mechanism, counter, BOTH);
  }

  /** epoll refuses what has no poll of its own; the others take it for ready. */
  @OnEachOfLinux
  void foldersAndDevicesWithoutPollAreAlwaysReady(Mechanism mechanism) throws Exception {
    for (String path : List.of("/", "/dev/urandom", "/proc/self/status")) {
      TestDescriptor file = opened(path);
      if (mechanism == Mechanism.EPOLL) {
        SystemCallException refusal =
            assertThrows(SystemCallException.class, () -> reported(mechanism, file, BOTH));
        assertEquals("EPERM", refusal.errnoName(), path);
      } else {
        assertReports(BOTH, mechanism, file, BOTH);
      }
    }
  }

  @OnEachOfLinux
  void filesOfTheKernelWithPollAreTakenByAll(Mechanism mechanism) throws Exception {
    for (String path : List.of("/dev/random", "/proc/self/mountinfo")) {
      assertReports(EVENT_READ, mechanism, opened(path), EVENT_READ);
    }
  }

  private TestDescriptor opened(String path) {
    return addCleanup(new TestDescriptor(TestLibrary.open(path, TestLibrary.O_RDONLY)));
  }

  private static void assertReports(int events, Mechanism mechanism, Object object, int asked)
      throws IOException {
    assertEquals(events, reported(mechanism, object, asked));
  }

  /** Also the second time that one looks, as all of these are level-triggered. */
  private static int reported(Mechanism mechanism, Object object, int asked) throws IOException {
    try (BaseSelector selector = mechanism.open()) {
      selector.register(object, asked);
      List<ReadyKey> first = selector.selectNow();
      assertEquals(first, selector.selectNow());
      return first.isEmpty() ? 0 : first.get(0).events();
    }
  }

  private static void assertBecomesReadable(Mechanism mechanism, Object object) throws IOException {
    try (BaseSelector selector = mechanism.open()) {
      SelectorKey key = selector.register(object, EVENT_READ);
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select(LONG));
    }
  }
}
