package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_PRIORITY;
import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.lang.management.ThreadInfo;
import java.lang.ref.WeakReference;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Threads that wait, each for one descriptor: on each mechanism, and of each kind. */
@Timeout(60)
class AwaiterTest extends DescriptorTestCase {

  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofSeconds(30);

  private Awaiter open(Mechanism mechanism) throws IOException {
    return addCleanup(Awaiter.open(mechanism));
  }

  @EveryMechanism
  void returnsAtOnceWhatIsReady(Mechanism mechanism) throws Exception {
    Awaiter awaiter = open(mechanism);
    TestDescriptor.Pair pair = makeSocketPair();
    assertEquals(EVENT_WRITE, awaiter.await(pair.rd(), EVENT_WRITE));
    assertEquals(EVENT_WRITE, awaiter.await(pair.rd(), EVENT_READ | EVENT_WRITE));
    pair.wr().write("x");
    assertEquals(EVENT_READ, awaiter.await(pair.rd(), EVENT_READ));
    for (int times = 0; times < 3; times++) {
      assertEquals(EVENT_READ, awaiter.await(pair.rd(), EVENT_READ, LONG), "it stays readable");
    }
  }

  @EveryMechanismAndThread
  void waitsUntilItIsReady(Mechanism mechanism, ThreadFactory kind) throws Exception {
    Awaiter awaiter = open(mechanism);
    TestPipe pipe = addCleanup(TestPipe.open());
    for (int times = 0; times < 3; times++) {
      try (var waiting = AwaitThread.start(kind, awaiter, pipe.source, EVENT_READ)) {
        pipe.write();
        assertEquals(EVENT_READ, waiting.result());
        pipe.read();
      }
    }
  }

  @EveryMechanismAndThread
  void letsAllGoWhoWaitForIt(Mechanism mechanism, ThreadFactory kind) throws Exception {
    Awaiter awaiter = open(mechanism);
    TestPipe pipe = addCleanup(TestPipe.open());
    try (var first = AwaitThread.start(kind, awaiter, pipe.source, EVENT_READ);
        var second = AwaitThread.start(kind, awaiter, pipe.source, EVENT_READ);
        var third = AwaitThread.start(kind, awaiter, pipe.source, EVENT_READ, LONG)) {
      pipe.write();
      assertEquals(EVENT_READ, first.result());
      assertEquals(EVENT_READ, second.result());
      assertEquals(EVENT_READ, third.result());
      pipe.read();
    }
  }

  /** Whoever waits for the other event waits on, though one report switches both off. */
  @EveryMechanismAndThread
  void aReaderAndAWriterHaveTheirOwnEvents(Mechanism mechanism, ThreadFactory kind)
      throws Exception {
    Awaiter awaiter = open(mechanism);
    TestDescriptor.Pair pair = makeSocketPair();
    fill(pair.rd());
    try (var writer = AwaitThread.start(kind, awaiter, pair.rd(), EVENT_WRITE);
        var reader = AwaitThread.start(kind, awaiter, pair.rd(), EVENT_READ)) {
      pair.wr().write("x");
      assertEquals(EVENT_READ, reader.result());
      assertFalse(writer.isDone());
      drain(pair.wr());
      assertEquals(EVENT_WRITE, writer.result());
    }
  }

  private static void fill(TestDescriptor socket) {
    int fd = socket.fileno();
    TestLibrary.check(TestLibrary.setFl(fd, TestLibrary.O_NONBLOCK));
    byte[] bytes = new byte[4096];
    while (TestLibrary.write(fd, bytes, bytes.length) > 0) {}
  }

  private static void drain(TestDescriptor socket) {
    int fd = socket.fileno();
    TestLibrary.check(TestLibrary.setFl(fd, TestLibrary.O_NONBLOCK));
    byte[] bytes = new byte[4096];
    while (TestLibrary.read(fd, bytes, bytes.length) > 0) {}
  }

  @EveryMechanismAndThread
  void aTimeoutIsWaitedForInFull(Mechanism mechanism, ThreadFactory kind) throws Exception {
    Awaiter awaiter = open(mechanism);
    TestPipe pipe = addCleanup(TestPipe.open());
    for (Duration timeout : List.of(Duration.ofNanos(1), Duration.ofNanos(3_333_333), SHORT)) {
      try (var thread =
          SelectThread.start(
              kind,
              () -> {
                Elapsed elapsed = Elapsed.start();
                assertEquals(0, awaiter.await(pipe.source, EVENT_READ, timeout));
                elapsed.assertLasted(timeout);
                return null;
              })) {
        thread.result();
      }
    }
  }

  @EveryMechanism
  void noTimeoutAndALongOneAreForEver(Mechanism mechanism) throws Exception {
    Awaiter awaiter = open(mechanism);
    TestPipe pipe = addCleanup(TestPipe.open());
    ThreadFactory kind = SelectThread::daemon;
    Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
    try (var first = AwaitThread.start(kind, awaiter, pipe.source, EVENT_READ, null);
        var second = AwaitThread.start(kind, awaiter, pipe.source, EVENT_READ, longest)) {
      pipe.write();
      assertEquals(EVENT_READ, first.result());
      assertEquals(EVENT_READ, second.result());
    }
  }

  @EveryMechanism
  void zeroAndLessLookOnce(Mechanism mechanism) throws Exception {
    Awaiter awaiter = open(mechanism);
    TestDescriptor.Pair pair = makeSocketPair();
    for (Duration timeout : List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(-1))) {
      Elapsed elapsed = Elapsed.start();
      assertEquals(0, awaiter.await(pair.rd(), EVENT_READ, timeout));
      elapsed.assertPrompt();
      assertEquals(EVENT_WRITE, awaiter.await(pair.rd(), EVENT_READ | EVENT_WRITE, timeout));
    }
    pair.wr().write("x");
    assertEquals(EVENT_READ, awaiter.await(pair.rd(), EVENT_READ, Duration.ZERO));
    int bad = makeBadFd();
    SystemCallException refusal =
        assertThrows(
            SystemCallException.class, () -> awaiter.await(bad, EVENT_READ, Duration.ZERO));
    assertEquals("EBADF", refusal.errnoName());
  }

  @EveryMechanism
  void anInterruptAtEntryIsToldWithoutALook(Mechanism mechanism) throws Exception {
    Awaiter awaiter = open(mechanism);
    TestPipe readable = addCleanup(TestPipe.readable());
    for (Duration timeout : new Duration[] {null, Duration.ZERO, LONG}) {
      Thread.currentThread().interrupt();
      assertThrows(
          InterruptedException.class, () -> awaiter.await(readable.source, EVENT_READ, timeout));
      assertFalse(Thread.currentThread().isInterrupted());
    }
  }

  @EveryMechanismAndThread
  void anInterruptEndsTheWait(Mechanism mechanism, ThreadFactory kind) throws Exception {
    Awaiter awaiter = open(mechanism);
    TestPipe pipe = addCleanup(TestPipe.open());
    for (Duration timeout : new Duration[] {null, LONG}) {
      try (var waiting =
          AwaitThread.start(
              kind,
              () -> {
                assertThrows(
                    InterruptedException.class,
                    () -> awaiter.await(pipe.source, EVENT_READ, timeout));
                assertFalse(Thread.currentThread().isInterrupted());
                return 0;
              })) {
        waiting.thread().interrupt();
        assertEquals(0, waiting.result());
      }
    }
    pipe.write();
    assertEquals(EVENT_READ, awaiter.await(pipe.source, EVENT_READ));
  }

  /** However far the report is on its way. */
  @EveryMechanismAndThread
  void readinessWinsOverAnInterrupt(Mechanism mechanism, ThreadFactory kind) throws Exception {
    Awaiter awaiter = open(mechanism);
    TestPipe pipe = addCleanup(TestPipe.open());
    for (int round = 0; round < 50; round++) {
      try (var waiting =
          AwaitThread.start(
              kind,
              () -> {
                int events = awaiter.await(pipe.source, EVENT_READ);
                while (!Thread.currentThread().isInterrupted()) {
                  Thread.onSpinWait();
                }
                return events;
              })) {
        pipe.write();
        waiting.thread().interrupt();
        assertEquals(EVENT_READ, waiting.result());
      }
      pipe.read();
    }
  }

  @EveryMechanismAndThread
  void readinessWinsOverATimeout(Mechanism mechanism, ThreadFactory kind) throws Exception {
    Awaiter awaiter = open(mechanism);
    TestPipe pipe = addCleanup(TestPipe.readable());
    for (int round = 0; round < 50; round++) {
      try (var waiting =
          SelectThread.start(
              kind, () -> awaiter.await(pipe.source, EVENT_READ, Duration.ofNanos(1)))) {
        assertEquals(EVENT_READ, waiting.result());
      }
    }
  }

  @EveryMechanismAndThread
  void cancelLetsAllGo(Mechanism mechanism, ThreadFactory kind) throws Exception {
    Awaiter awaiter = open(mechanism);
    TestDescriptor.Pair pair = makeSocketPair();
    TestPipe other = addCleanup(TestPipe.open());
    assertEquals(0, awaiter.cancel(pair.rd()));
    try (var byObject = AwaitThread.start(kind, awaiter, pair.rd(), EVENT_READ);
        var byNumber = AwaitThread.start(kind, awaiter, pair.rd().fileno(), EVENT_READ, LONG);
        var another = AwaitThread.start(kind, awaiter, other.source, EVENT_READ)) {
      assertEquals(2, awaiter.cancel(pair.rd()));
      assertSame(AsynchronousCloseException.class, byObject.failure());
      assertSame(AsynchronousCloseException.class, byNumber.failure());
      assertEquals(0, awaiter.cancel(pair.rd()));
      assertFalse(another.isDone());
      other.write();
      assertEquals(EVENT_READ, another.result());
    }
    try (var again = AwaitThread.start(kind, awaiter, pair.rd(), EVENT_READ)) {
      assertEquals(1, awaiter.cancel(pair.rd().fileno()));
      assertSame(AsynchronousCloseException.class, again.failure());
    }
  }

  @EveryMechanismAndThread
  void cancelFindsWhatWasClosed(Mechanism mechanism, ThreadFactory kind) throws Exception {
    Awaiter awaiter = open(mechanism);
    TestDescriptor.Pair pair = makePipe();
    TestPipe other = addCleanup(TestPipe.open());
    // A duplicate, so that no mechanism sees that the number is closed.
    TestDescriptor awaited = addCleanup(new TestDescriptor(TestLibrary.dup(pair.rd().fileno())));
    try (var waiting = AwaitThread.start(kind, awaiter, awaited, EVENT_READ);
        var another = AwaitThread.start(kind, awaiter, other.source, EVENT_READ)) {
      awaited.close();
      assertEquals(1, awaiter.cancel(awaited));
      assertSame(AsynchronousCloseException.class, waiting.failure());
      assertEquals(1, awaiter.cancel(other.source));
      assertSame(AsynchronousCloseException.class, another.failure());
    }
    assertEquals(0, awaiter.cancel("nothing that is awaited"));
    assertEquals(0, awaiter.cancel(-1));
  }

  @EveryMechanismAndThread
  void closeLetsAllGo(Mechanism mechanism, ThreadFactory kind) throws Exception {
    Set<Thread> before = AwaitThread.pollers();
    Awaiter awaiter = open(mechanism);
    TestPipe first = addCleanup(TestPipe.open());
    TestPipe second = addCleanup(TestPipe.open());
    Set<Thread> pollers = AwaitThread.pollers();
    pollers.removeAll(before);
    assertEquals(1, pollers.size());
    assertTrue(pollers.iterator().next().isDaemon());
    try (var forEver = AwaitThread.start(kind, awaiter, first.source, EVENT_READ);
        var forLong = AwaitThread.start(kind, awaiter, first.source, EVENT_READ, LONG);
        var another = AwaitThread.start(kind, awaiter, second.source, EVENT_READ)) {
      awaiter.close();
      assertSame(ClosedSelectorException.class, forEver.failure());
      assertSame(ClosedSelectorException.class, forLong.failure());
      assertSame(ClosedSelectorException.class, another.failure());
    }
    awaiter.close();
    assertThrows(
        ClosedSelectorException.class, () -> awaiter.await(first.source, EVENT_READ, SHORT));
    assertThrows(
        ClosedSelectorException.class,
        () -> awaiter.await(first.source, EVENT_READ, Duration.ZERO));
    assertThrows(ClosedSelectorException.class, () -> awaiter.cancel(first.source));
    AwaitThread.awaitPollers(before);
  }

  /** Nobody is woken for what nobody awaits, and the file is not asked for. */
  @EveryMechanism
  void nothingIsReportedBetweenAwaits(Mechanism mechanism) throws Exception {
    Set<Thread> before = AwaitThread.pollers();
    Awaiter awaiter = open(mechanism);
    TestPipe pipe = addCleanup(TestPipe.readable());
    assertEquals(EVENT_READ, awaiter.await(pipe.source, EVENT_READ));
    Set<Thread> pollers = AwaitThread.pollers();
    pollers.removeAll(before);
    Thread poller = pollers.iterator().next();
    // The first time it may still be on its way back to its wait.
    long spent = LongStream.generate(() -> spentMeanwhile(poller)).limit(3).min().getAsLong();
    assertTrue(spent < 1_000_000, () -> spent + " ns while another thread spent 30 ms");
  }

  /** What one thread spends while this one spends 30 ms: one that spins gets about as much. */
  private static long spentMeanwhile(Thread thread) {
    long earlier = cpuNanos(thread);
    long end = cpuNanos(Thread.currentThread()) + Duration.ofMillis(30).toNanos();
    while (cpuNanos(Thread.currentThread()) < end) {
      Thread.onSpinWait();
    }
    return cpuNanos(thread) - earlier;
  }

  private static long cpuNanos(Thread thread) {
    return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
  }

  @EveryMechanism
  void whatIsAlwaysReadyReturnsAtOnce(Mechanism mechanism, @TempDir Path folder) throws Exception {
    Awaiter awaiter = open(mechanism);
    Path file = Files.writeString(folder.resolve("file"), "text");
    try (FileInputStream regular = new FileInputStream(file.toFile());
        FileInputStream device = new FileInputStream("/dev/null")) {
      for (Object fileobj : List.of(regular, device, regular.getChannel())) {
        for (Duration timeout : new Duration[] {null, LONG, Duration.ZERO}) {
          assertEquals(EVENT_READ, awaiter.await(fileobj, EVENT_READ, timeout));
          int both = awaiter.await(fileobj, EVENT_READ | EVENT_WRITE, timeout);
          // Two filters of a queue may be seen one after the other.
          if (mechanism != Mechanism.KQUEUE || both == 0) {
            assertEquals(EVENT_READ | EVENT_WRITE, both);
          }
        }
      }
      int directory = TestLibrary.check(TestLibrary.open(folder.toString(), TestLibrary.O_RDONLY));
      assertEquals(EVENT_READ, awaiter.await(directory, EVENT_READ));
      TestLibrary.check(TestLibrary.close(directory));
    }
  }

  @EveryMechanism
  void channelsOfTheJdkAreFileObjects(Mechanism mechanism) throws Exception {
    Awaiter awaiter = open(mechanism);
    Pipe pipe = Pipe.open();
    try (Pipe.SourceChannel source = pipe.source();
        Pipe.SinkChannel sink = pipe.sink()) {
      assertEquals(EVENT_WRITE, awaiter.await(sink, EVENT_WRITE));
      try (var waiting = AwaitThread.start(SelectThread::daemon, awaiter, source, EVENT_READ)) {
        sink.write(java.nio.ByteBuffer.allocate(1));
        assertEquals(EVENT_READ, waiting.result());
      }
    }
  }

  @EveryMechanismAndThread
  void aDumpTellsWhoWaitsForWhat(Mechanism mechanism, ThreadFactory kind) throws Exception {
    Awaiter awaiter = open(mechanism);
    TestDescriptor.Pair pair = makeSocketPair();
    try (var waiting = AwaitThread.start(kind, awaiter, pair.rd(), EVENT_READ | EVENT_PRIORITY)) {
      String blocker = waiting.awaitParked().toString();
      assertTrue(blocker.contains("READ|PRIORITY of fd " + pair.rd().fileno()), blocker);
      assertTrue(blocker.contains(pair.rd().toString()), blocker);
      String dump = dump(waiting.thread());
      assertTrue(dump.contains("io.github.selectors4j.Awaiter.await("), dump);
      if (!dump.contains("virtual") || Runtime.version().feature() >= 25) {
        assertTrue(dump.contains("io.github.selectors4j.internal.awaiting.Waiter@"), dump);
      }
      assertEquals(1, awaiter.cancel(pair.rd()));
    }
    assertTrue(awaiter.toString().contains(mechanism.toString()), awaiter::toString);
    awaiter.close();
    assertTrue(awaiter.toString().contains("closed"), awaiter::toString);
  }

  /** What the system's tools print of a thread: of a virtual one, to a file alone. */
  private static String dump(Thread thread) throws Exception {
    ThreadInfo info = ManagementFactory.getThreadMXBean().getThreadInfo(thread.getId(), 100);
    if (info != null) {
      return info.getLockName() + "\n" + Arrays.toString(info.getStackTrace());
    }
    Path file = Files.createTempDirectory("dump").resolve("threads");
    Class<?> type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
    Class<?> format = Class.forName(type.getName() + "$ThreadDumpFormat");
    type.getMethod("dumpThreads", String.class, format)
        .invoke(
            ManagementFactory.getPlatformMXBean(type.asSubclass(PlatformManagedObject.class)),
            file.toString(),
            format.getField("TEXT_PLAIN").get(null));
    try {
      String all = Files.readString(file);
      int start = all.indexOf("#" + thread.getId() + " ");
      return all.substring(start, all.indexOf("\n\n", start));
    } finally {
      Files.delete(file);
      Files.delete(file.getParent());
    }
  }

  /** A waiter of a wait that is over may be kept for the next one, with those before it. */
  @EveryMechanism
  void keepsNothingAliveOfAWaitThatIsOver(Mechanism mechanism) throws Exception {
    List<WeakReference<HasFileno>> objects = new ArrayList<>();
    try (Awaiter awaiter = Awaiter.open(mechanism)) {
      for (int i = 0; i < 10; i++) {
        letTwoGo(awaiter, objects);
      }
      long start = System.nanoTime();
      while (!objects.isEmpty()) {
        assertTrue(System.nanoTime() - start < LONG.toNanos(), objects.size() + " are kept");
        System.gc();
        objects.removeIf(object -> object.get() == null);
      }
    }
  }

  private static void letTwoGo(Awaiter awaiter, List<WeakReference<HasFileno>> objects)
      throws Exception {
    try (TestPipe pipe = TestPipe.open()) {
      HasFileno first = new Fileno(pipe);
      HasFileno second = new Fileno(pipe);
      objects.add(new WeakReference<>(first));
      objects.add(new WeakReference<>(second));
      try (var one = AwaitThread.start(SelectThread::daemon, awaiter, first, EVENT_READ);
          var other = AwaitThread.start(SelectThread::daemon, awaiter, second, EVENT_READ)) {
        pipe.write();
        assertEquals(EVENT_READ, one.result());
        assertEquals(EVENT_READ, other.result());
      }
    }
  }

  private static final class Fileno implements HasFileno {
    private final int fd;

    Fileno(TestPipe pipe) {
      fd = pipe.source;
    }

    @Override
    public int fileno() {
      return fd;
    }
  }

  @EveryMechanism
  void aSelectorIsAFileObject(Mechanism mechanism) throws Exception {
    Awaiter awaiter = open(mechanism);
    TestPipe pipe = addCleanup(TestPipe.open());
    try (BaseSelector selector = DefaultSelector.open()) {
      // Who polls /dev/poll is told of an error.
      if (selector instanceof HasFileno && selector.mechanism() != Mechanism.DEVPOLL) {
        selector.register(pipe.source, EVENT_READ);
        assertEquals(0, awaiter.await(selector, EVENT_READ, Duration.ofMillis(1)));
        pipe.write();
        assertEquals(EVENT_READ, awaiter.await(selector, EVENT_READ, LONG));
      }
    }
  }

  @EveryMechanismAndThread
  void manyAtOnce(Mechanism mechanism, ThreadFactory kind) throws Exception {
    Awaiter awaiter = open(mechanism);
    List<TestPipe> pipes = new ArrayList<>();
    List<AwaitThread> waiting = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      TestPipe pipe = addCleanup(TestPipe.open());
      pipes.add(pipe);
      waiting.add(addCleanup(AwaitThread.start(kind, awaiter, pipe.source, EVENT_READ)));
    }
    pipes.forEach(TestPipe::write);
    for (AwaitThread thread : waiting) {
      assertEquals(EVENT_READ, thread.result());
    }
    assertEquals(
        Set.of(EVENT_READ),
        waiting.stream().map(AwaiterTest::resultOf).collect(Collectors.toSet()));
  }

  private static int resultOf(AwaitThread thread) {
    try {
      return thread.result();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
