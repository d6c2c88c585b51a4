package io.github.selectors4j.channels;

import static io.github.selectors4j.DescriptorLeakCheck.openDescriptors;
import static io.github.selectors4j.Refused.assertRefused;
import static io.github.selectors4j.TestLibrary.O_NONBLOCK;
import static io.github.selectors4j.TestLibrary.check;
import static io.github.selectors4j.TestLibrary.getFl;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.DescriptorTestCase;
import io.github.selectors4j.EpollSelector;
import io.github.selectors4j.ScarceDescriptors;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.TestDescriptor;
import io.github.selectors4j.TestLibrary;
import io.github.selectors4j.internal.fileobject.FileObjects;
import io.github.selectors4j.internal.loading.LoaderJvm;
import io.github.selectors4j.internal.loading.Platform;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Channels over file objects, and a plain selector of the JDK's. */
@Tag("mechanism-independent")
@Timeout(60)
class SelectableChannelsTest extends DescriptorTestCase {
  private static final int LONG_MILLIS = 30_000;
  private static final int RACES = 2_000;

  @TempDir Path folder;

  private Selector selector;

  @BeforeEach
  void openSelector() throws IOException {
    selector = Selector.open();
  }

  @AfterEach
  void closeSelector() throws IOException {
    selector.close();
  }

  private SelectableChannel channel(Object fileobj) throws IOException {
    return addCleanup(SelectableChannels.of(fileobj));
  }

  /** How many keys are ready just now. */
  private int ready() throws IOException {
    return selector.selectNow(key -> {});
  }

  /** Waits for one key, and for what it is ready. */
  private int readyOps() throws IOException {
    int[] ops = new int[1];
    assertEquals(1, selector.select(key -> ops[0] = key.readyOps(), LONG_MILLIS));
    return ops[0];
  }

  @Test
  void eachKindOfFileObject() throws Exception {
    TestDescriptor.Pair pair = makePipe();
    Pipe pipe = Pipe.open();
    addCleanup(pipe.source());
    addCleanup(pipe.sink());
    DatagramChannel datagrams = addCleanup(DatagramChannel.open().bind(null));
    ServerSocket server = addCleanup(new ServerSocket(0));
    Socket socket = addCleanup(new Socket(server.getInetAddress(), server.getLocalPort()));
    SocketChannel other = addCleanup(SocketChannel.open(server.getLocalSocketAddress()));
    FileInputStream fifo = addCleanup(openFifo());
    for (Object silent : List.of(pair.rd(), pair.rd().fileno(), pipe.source(), datagrams, fifo)) {
      try (SelectableChannel channel = SelectableChannels.of(silent)) {
        channel.register(selector, OP_READ);
        assertEquals(0, ready(), silent::toString);
      }
      selector.selectNow();
    }
    pair.wr().write("x");
    pipe.sink().write(ByteBuffer.allocate(1));
    datagrams.send(ByteBuffer.allocate(1), datagrams.getLocalAddress());
    assertEquals(
        TestLibrary.POLLIN,
        TestLibrary.poll(FileObjects.descriptor(datagrams), TestLibrary.POLLIN, LONG_MILLIS));
    Map<Object, Integer> ready =
        Map.of(
            pair.rd(),
            OP_READ,
            pair.rd().fileno(),
            OP_READ,
            pair.wr(),
            OP_WRITE,
            pipe.source(),
            OP_READ,
            pipe.sink(),
            OP_WRITE,
            datagrams,
            OP_READ | OP_WRITE,
            server,
            OP_READ,
            socket,
            OP_WRITE,
            other,
            OP_WRITE,
            fifo.getFD(),
            0);
    for (Map.Entry<Object, Integer> each : ready.entrySet()) {
      try (SelectableChannel channel = SelectableChannels.of(each.getKey())) {
        channel.register(selector, OP_READ | OP_WRITE);
        if (each.getValue() != 0) {
          assertEquals(each.getValue(), readyOps(), () -> each.getKey().toString());
        }
      }
      selector.selectNow();
    }
  }

  /** Without a writer that has written, or gone: silent. */
  private FileInputStream openFifo() throws IOException {
    Path fifo = folder.resolve("fifo");
    check(TestLibrary.mkfifo(fifo.toString()));
    int writer = check(TestLibrary.open(fifo.toString(), TestLibrary.O_RDWR));
    addCleanup(() -> check(TestLibrary.close(writer)));
    return new FileInputStream(fifo.toFile());
  }

  @Test
  void anErrorIsAllThatWasAskedFor() throws Exception {
    TestDescriptor.Pair pair = makePipe();
    channel(pair.wr()).register(selector, OP_WRITE);
    assertEquals(OP_WRITE, readyOps());
    pair.rd().close();
    assertEquals(OP_WRITE, readyOps());
  }

  @Test
  void aProcessIsReadyWhenItHasEnded() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    for (Object process : List.of(cat, cat.toHandle())) {
      channel(process).register(selector, OP_READ);
    }
    assertEquals(0, ready());
    end(cat);
    while (ready() < 2) {
      Thread.onSpinWait();
    }
    try (SelectableChannel ended = SelectableChannels.of(cat)) {
      ended.register(selector, OP_READ);
      assertEquals(3, ready());
    }
  }

  @Test
  void theOutputOfAChildThatTheJdkHasDrained() throws Exception {
    Map<Integer, String> before = openDescriptors();
    Process echo = new ProcessBuilder("echo", "hello").start();
    while (!openDescriptors().equals(before)) {
      Thread.onSpinWait();
    }
    channel(echo.getInputStream()).register(selector, OP_READ);
    assertEquals(OP_READ, readyOps());
    assertEquals("hello\n", new String(echo.getInputStream().readAllBytes()));
    assertEquals(OP_READ, readyOps(), "the end is readable");
    end(echo);
  }

  @Test
  void aSelectorOfOurs() throws Exception {
    TestDescriptor.Pair pair = makePipe();
    EpollSelector inner = addCleanup(EpollSelector.open());
    inner.register(pair.rd(), EpollSelector.EVENT_READ);
    channel(inner).register(selector, OP_READ);
    assertEquals(0, ready());
    pair.wr().write("x");
    assertEquals(OP_READ, readyOps());
    assertEquals(1, inner.selectNow().size());
    pair.rd().read();
    assertEquals(0, ready());
  }

  @Test
  void neverTouchesTheBlockingMode() throws Exception {
    for (int mode : new int[] {0, O_NONBLOCK}) {
      TestDescriptor.Pair pair = makePipe();
      int fd = pair.rd().fileno();
      check(TestLibrary.setFl(fd, mode));
      int flags = getFl(fd);
      SelectableChannel channel = SelectableChannels.of(fd);
      assertFalse(channel.isBlocking());
      assertEquals(flags, getFl(fd));
      channel.configureBlocking(false); // as frameworks do
      channel.register(selector, OP_READ);
      assertEquals(0, ready());
      SelectionKey key = channel.keyFor(selector);
      assertThrows(IllegalStateException.class, () -> channel.configureBlocking(true));
      key.cancel();
      selector.selectNow();
      assertThrows(IOException.class, () -> channel.configureBlocking(true));
      assertFalse(channel.isBlocking());
      assertEquals(flags, getFl(fd));
      channel.close();
      assertEquals(flags, getFl(fd));
    }
  }

  @Test
  void closingLeavesTheDescriptorOpen() throws Exception {
    TestDescriptor.Pair pair = makePipe();
    Map<Integer, String> before = openDescriptors();
    SelectableChannels.of(pair.rd()).close();
    SelectableChannel channel = SelectableChannels.of(pair.rd());
    channel.register(selector, OP_READ);
    channel.close();
    assertFalse(channel.isOpen());
    assertThrows(ClosedChannelException.class, () -> channel.register(selector, OP_READ));
    selector.selectNow();
    assertFalse(channel.isRegistered());
    assertEquals(before, openDescriptors());
  }

  /** Of a child's output, say. */
  @Test
  void releasesWhatIsItsOwnOnceNobodyHasItAnyMore() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    Selector another = addCleanup(Selector.open());
    try {
      Map<Integer, String> before = openDescriptors();
      for (Object fileobj : List.of(cat.getInputStream(), cat.getErrorStream(), cat)) {
        SelectableChannel channel = SelectableChannels.of(fileobj);
        assertEquals(before.size() + 1, openDescriptors().size());
        channel.close();
        assertEquals(before, openDescriptors());

        SelectableChannel registered = SelectableChannels.of(fileobj);
        registered.register(selector, OP_READ);
        registered.register(another, OP_READ);
        registered.close();
        selector.selectNow();
        assertEquals(before.size() + 1, openDescriptors().size(), "the other one has it");
        another.selectNow();
        assertEquals(before, openDescriptors());

        SelectableChannel ofAClosedSelector = SelectableChannels.of(fileobj);
        Map<Integer, String> withIt = openDescriptors();
        try (Selector closed = Selector.open()) {
          ofAClosedSelector.register(closed, OP_READ);
        }
        assertEquals(withIt, openDescriptors(), "it goes on");
        ofAClosedSelector.close();
        assertEquals(before, openDescriptors());
      }
    } finally {
      end(cat);
    }
  }

  /** The channel's own descriptor is closed once: twice might be another's. */
  @Test
  void closesWhileASelectLetsGo() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    try {
      Phaser phaser = new Phaser(2);
      List<SelectableChannel> channels = new ArrayList<>();
      for (int i = 0; i < RACES; i++) {
        channels.add(null);
      }
      Thread closer =
          new Thread(
              () -> {
                for (int i = 0; i < RACES; i++) {
                  phaser.arriveAndAwaitAdvance();
                  close(channels.get(i));
                }
              });
      closer.start();
      Map<Integer, String> before = openDescriptors();
      for (int i = 0; i < RACES; i++) {
        SelectableChannel channel = SelectableChannels.of(cat.getInputStream());
        channels.set(i, channel);
        SelectionKey key = channel.register(selector, OP_READ);
        if (i % 2 == 0) {
          key.cancel();
        }
        phaser.arriveAndAwaitAdvance();
        selector.selectNow();
        TestDescriptor.Pair stranger = TestDescriptor.pipe();
        while (channel.isOpen() || channel.isRegistered()) {
          selector.selectNow();
        }
        stranger.rd().close(); // fails if it has been closed already
        stranger.wr().close();
      }
      closer.join();
      assertEquals(before, openDescriptors());
    } finally {
      end(cat);
    }
  }

  private static void close(SelectableChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void refusesTheInputOfAChild() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    try {
      assertRefused(
          IllegalArgumentException.class,
          () -> SelectableChannels.of(cat.getOutputStream()),
          cat.getOutputStream(),
          "stdin",
          "BaseSelector");
    } finally {
      end(cat);
    }
    assertRefused(
        IllegalArgumentException.class,
        () -> SelectableChannels.of(cat.getOutputStream()),
        "a child's stdin");
  }

  /** In the words of a selector of ours. */
  @Test
  void refusesWhatEpollRefuses() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "content");
    try (EpollSelector selectors = EpollSelector.open();
        FileOutputStream stream = new FileOutputStream(file.toFile())) {
      assertSameRefusal(selectors, stream, "EPERM", stream, "a regular file");
      for (String path : List.of(file.toString(), folder.toString(), "/dev/null", "/dev/zero")) {
        int fd = check(TestLibrary.open(path, TestLibrary.O_RDONLY | TestLibrary.O_CLOEXEC));
        assertSameRefusal(selectors, fd, "EPERM", fd);
        check(TestLibrary.close(fd));
      }
      int path = check(TestLibrary.open("/", TestLibrary.O_PATH | TestLibrary.O_CLOEXEC));
      assertRefused(
          SystemCallException.class,
          () -> SelectableChannels.of(path),
          "EBADF",
          path,
          "opened with O_PATH");
      check(TestLibrary.close(path));
    }
  }

  private static void assertSameRefusal(EpollSelector selectors, Object fileobj, Object... named) {
    SystemCallException refusal =
        assertRefused(SystemCallException.class, () -> SelectableChannels.of(fileobj), named);
    assertRefused(
        SystemCallException.class,
        () -> selectors.register(fileobj, EpollSelector.EVENT_READ),
        refusal.getMessage());
  }

  @Test
  void refusesWhatIsNotOpen() throws Exception {
    int bad = makeBadFd();
    for (int fd : new int[] {bad, Integer.MAX_VALUE}) {
      assertRefused(SystemCallException.class, () -> SelectableChannels.of(fd), "EBADF", fd);
    }
    // Numbers that a set which is opened for the question would get.
    Map<Integer, String> open = new TreeMap<>(openDescriptors());
    for (int fd = 0, free = 0; free < 5; fd++) {
      if (getFl(fd) < 0 && !open.containsKey(fd)) {
        free++;
        int number = fd;
        assertRefused(SystemCallException.class, () -> SelectableChannels.of(number), "EBADF");
      }
    }
    TestDescriptor closed = makePipe().rd();
    closed.close();
    EpollSelector closedSelector = addCleanup(EpollSelector.open());
    closedSelector.close();
    Pipe pipe = Pipe.open();
    pipe.source().close();
    pipe.sink().close();
    for (Object fileobj :
        List.of(-1, closed, closedSelector, pipe.source(), "text", new Object())) {
      assertRefused(IllegalArgumentException.class, () -> SelectableChannels.of(fileobj), fileobj);
    }
    assertRefused(NullPointerException.class, () -> SelectableChannels.of(null), "fileobj");
  }

  /** Also when there is room for the duplicate, but not for asking epoll. */
  @Test
  void aFailureLeavesNothingOpen() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    try {
      SelectableChannels.of(cat.getInputStream()).close();
      Map<Integer, String> before = openDescriptors();
      try (ScarceDescriptors scarce = ScarceDescriptors.none()) {
        for (int spare = 0; spare < 2; spare++) {
          scarce.allow(spare);
          assertRefused(
              SystemCallException.class,
              () -> SelectableChannels.of(cat.getInputStream()),
              "EMFILE");
        }
        scarce.allow(1);
        SelectableChannels.of(cat.getInputStream()).close();
      }
      assertEquals(before, openDescriptors());
    } finally {
      end(cat);
    }
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    List<String> withoutModule = command(Map.of());
    withoutModule.addAll(1, List.of("--limit-modules", "java.base,java.management"));
    assertSaid(withoutModule, "module jdk.net is missing", "--add-modules jdk.net");

    Map<String, String> provider =
        Map.of(SelectorProvider.class.getName(), CustomProvider.class.getName());
    assertSaid(command(provider), "SelectorProvider", CustomProvider.class.getName());

    String field = "java.nio.channels.spi.AbstractSelectableChannel.nonBlocking";
    List<String> withoutField = command(Map.of());
    withoutField.add(1, LoaderJvm.hiding(folder.resolve("trace"), field));
    assertSaid(withoutField, field + " is missing in this JDK (" + Platform.jdk() + ")");
  }

  private static List<String> command(Map<String, String> properties) {
    return LoaderJvm.command(properties, OneChannel.class);
  }

  private static void assertSaid(List<String> command, String... parts) throws Exception {
    String said = String.join("\n", LoaderJvm.run(command));
    for (String part : parts) {
      assertTrue(said.contains(part), said);
    }
    assertTrue(said.contains("register it with a BaseSelector"), said);
  }

  /**
   * Prints why no channel can be made, of a child's output, and whether that left anything open.
   */
  static final class OneChannel {
    public static void main(String[] args) throws Exception {
      Process cat = new ProcessBuilder("cat").start();
      try {
        SelectableChannels.of(0).close();
      } catch (UnsupportedOperationException e) {
        int before = countDescriptors();
        String message = "";
        try {
          SelectableChannels.of(cat.getInputStream());
        } catch (UnsupportedOperationException again) {
          message = again.getMessage();
        }
        // The JVM opens some for a moment, now and then.
        for (int looks = 0; looks < 1000 && countDescriptors() > before; looks++) {
          LockSupport.parkNanos(1_000_000);
        }
        System.out.println(countDescriptors() > before ? "leaks" : message);
      } finally {
        end(cat);
      }
    }

    private static int countDescriptors() {
      return new File("/proc/self/fd").list().length;
    }
  }

  /** As a program may set for its whole JVM. */
  public static final class CustomProvider extends SelectorProvider {
    @Override
    public DatagramChannel openDatagramChannel() {
      throw new UnsupportedOperationException();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Pipe openPipe() {
      throw new UnsupportedOperationException();
    }

    @Override
    public AbstractSelector openSelector() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() {
      throw new UnsupportedOperationException();
    }

    @Override
    public SocketChannel openSocketChannel() {
      throw new UnsupportedOperationException();
    }
  }

  private static void end(Process process) throws Exception {
    process.destroyForcibly().waitFor();
    process.getInputStream().close();
    process.getErrorStream().close();
    process.getOutputStream().close();
  }
}
