package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.Elapsed.assertStillWorks;
import static io.github.selectors4j.Elapsed.assertWaitsOut;
import static io.github.selectors4j.Mechanism.DEVPOLL;
import static io.github.selectors4j.Mechanism.EPOLL;
import static io.github.selectors4j.Mechanism.KQUEUE;
import static io.github.selectors4j.Mechanism.POLL;
import static io.github.selectors4j.Mechanism.SELECT;
import static io.github.selectors4j.Refused.assertRefused;
import static io.github.selectors4j.TestLibrary.check;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.FileInputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the library does where a system call fails every time. */
@Tag(Interposed.ONLY)
@Timeout(60)
class FaultFallbackTest {
  private static final Set<Mechanism> SETLESS = Set.of(POLL, SELECT);

  @BeforeEach
  @AfterEach
  void nothingIsMissing() throws Exception {
    Interposed.reset();
    NanosWaits.retry();
  }

  /** An old kernel (ENOSYS), a container's filter (EPERM): asked once, and never early for that. */
  @ParameterizedTest
  @CsvSource({
    "EPOLL, epoll_pwait2, ENOSYS",
    "EPOLL, epoll_pwait2, EPERM",
    "POLL, ppoll, ENOSYS",
    "POLL, ppoll, EPERM"
  })
  void withoutNanosecondsATimeoutIsRoundedUp(Mechanism mechanism, String call, String errno)
      throws Exception {
    Interposed.fail(call, errno, 0, Interposed.ALWAYS);
    try (BaseSelector selector = mechanism.open();
        TestPipe idle = TestPipe.open()) {
      selector.register(idle.source, EVENT_READ);
      for (long nanos : new long[] {1, 999_999, 1_000_001, 1_500_000, 2_000_000, 7_999_999}) {
        Duration timeout = Duration.ofNanos(nanos);
        Elapsed elapsed = Elapsed.start();
        assertEquals(0, selector.select(timeout, (key, events) -> {}));
        elapsed.assertLasted(timeout);
      }
      assertEquals(1, Interposed.count(call));
      assertStillWorks(selector);
    }
  }

  @EveryMechanism
  void signalsWithoutEndLeaveTheTimeout(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      for (String call : FaultScenario.waits(mechanism)) {
        Interposed.fail(call, "EINTR", 0, Interposed.ALWAYS);
      }
      assertWaitsOut(selector);
      assertTrue(Interposed.failed() > 1);
    }
  }

  @EveryMechanism
  void withoutEventfdAPipeWakesUp(Mechanism mechanism) throws Exception {
    Interposed.fail("eventfd", "ENOSYS", 0, Interposed.ALWAYS);
    int before = Interposed.owned().size();
    try (BaseSelector selector = mechanism.open()) {
      int ends = 2;
      int sets = SETLESS.contains(mechanism) ? 0 : 1;
      assertEquals(ends + sets, Interposed.owned().size() - before);
      for (int round = 0; round < 3; round++) {
        selector.wakeup().wakeup();
        assertEquals(List.of(), selector.select());
        assertWaitsOut(selector);
      }
      assertStillWorks(selector);
    }
    assertEquals(before, Interposed.owned().size());
  }

  /** A kernel before Linux 5.3, or a container's filter. */
  @EveryMechanism
  void withoutPidfdAProcessIsRefusedWithWhatToDoInstead(Mechanism mechanism) throws Exception {
    Process child = new ProcessBuilder("cat").start();
    try (BaseSelector selector = mechanism.open()) {
      int before = Interposed.owned().size();
      for (String errno : List.of("ENOSYS", "EPERM")) {
        Interposed.fail("pidfd_open", errno, 0, Interposed.ALWAYS);
        for (Object process : List.of(child, child.toHandle())) {
          assertRefused(
              UnsupportedOperationException.class,
              () -> selector.register(process, EVENT_READ),
              child.pid(),
              "pidfd_open",
              "onExit().thenRun(selector::wakeup)");
        }
      }
      Interposed.fail("pidfd_open", "EMFILE", 0, Interposed.ALWAYS);
      assertRefused(
          SystemCallException.class,
          () -> selector.register(child, EVENT_READ),
          "pidfd_open(" + child.pid() + ")",
          "EMFILE");
      assertTrue(selector.getMap().isEmpty());
      assertEquals(before, Interposed.owned().size());
      assertStillWorks(selector);
    } finally {
      child.destroy();
      child.waitFor();
    }
  }

  /** What the filters of systems say whose kqueue is not the emulated one. */
  @ParameterizedTest
  @CsvSource({
    "EINVAL, a regular file",
    "EOPNOTSUPP, a regular file",
    "EINVAL, a directory",
    "EINVAL, a device",
    "EOPNOTSUPP, a device",
    "ENODEV, a device",
    "EPIPE, a pipe's read end",
    "EPIPE, a pipe's write end",
    "EBADF, a pipe's read end",
    "EBADF, a pipe's write end"
  })
  void kqueuesRefusalSaysWhatTheFileIs(String errno, String what) throws Exception {
    assumeTrue(Mechanisms.underTest().contains(KQUEUE), "no kqueue here");
    Path folder = Files.createTempDirectory("kqueue");
    try (KqueueSelector selector = KqueueSelector.open();
        TestPipe pipe = TestPipe.open();
        RandomAccessFile file = new RandomAccessFile(folder.resolve("file").toFile(), "rw");
        FileInputStream device = new FileInputStream("/dev/null")) {
      int directory = check(TestLibrary.open(folder.toString(), TestLibrary.O_CLOEXEC));
      // A device may be taken in another way.
      int attempts = errno.equals("EINVAL") ? 2 : 1;
      Interposed.fail("EV_ERROR(ADD)", errno, 0, attempts);
      switch (what) {
        case "a regular file" ->
            assertTold(selector, file, errno, "a regular file", "DefaultSelector");
        case "a directory" ->
            assertTold(selector, directory, errno, "a directory", "reading won't do either");
        case "a device" -> assertTold(selector, device, errno, "this device", "DefaultSelector");
        case "a pipe's read end" ->
            assertTold(selector, pipe.source, errno, "open for reading alone");
        default -> assertTold(selector, pipe.sink, errno, "its other end is closed");
      }
      assertEquals(attempts, Interposed.failed());
      check(TestLibrary.close(directory));
      assertStillWorks(selector);
    } finally {
      Files.deleteIfExists(folder.resolve("file"));
      Files.delete(folder);
    }
  }

  private static void assertTold(
      BaseSelector selector, Object fileobj, String errno, String what, String... more) {
    SystemCallException refusal =
        assertRefused(
            SystemCallException.class,
            () -> selector.register(fileobj, EVENT_WRITE),
            fileobj,
            what);
    for (String part : more) {
      assertTrue(refusal.getMessage().contains(part), refusal::getMessage);
    }
    assertEquals(errno.equals("EOPNOTSUPP") ? "ENOTSUP" : errno, refusal.errnoName());
  }

  static Stream<Arguments> shortages() {
    return Stream.of(
            arguments(EPOLL, "epoll_create1", "EMFILE"),
            arguments(EPOLL, "epoll_create1", "ENFILE"),
            arguments(EPOLL, "epoll_create1", "ENOMEM"),
            arguments(EPOLL, "eventfd", "EMFILE"),
            arguments(EPOLL, "eventfd", "ENODEV"),
            arguments(EPOLL, "epoll_ctl(ADD)", "ENOSPC"),
            arguments(POLL, "eventfd", "ENFILE"),
            arguments(SELECT, "eventfd", "ENOMEM"),
            arguments(KQUEUE, "kqueue", "EMFILE"),
            arguments(KQUEUE, "pipe", "ENFILE"),
            arguments(KQUEUE, "kevent(ADD)", "ENOMEM"),
            arguments(KQUEUE, "EV_ERROR(ADD)", "ENOMEM"),
            arguments(DEVPOLL, "open(/dev/poll)", "EACCES"),
            arguments(DEVPOLL, "open(/dev/poll)", "EMFILE"),
            arguments(DEVPOLL, "pipe", "EMFILE"),
            arguments(DEVPOLL, "pwrite", "ENOMEM"))
        .filter(shortage -> Mechanisms.underTest().contains(shortage.get()[0]));
  }

  /** What the system is short of, the platform does not lack. */
  @ParameterizedTest
  @MethodSource("shortages")
  void whatCannotBeOpenedIsAvailable(Mechanism mechanism, String call, String errno) {
    Mechanism best = Mechanism.best();
    Interposed.fail(call, errno, 0, Interposed.ALWAYS);
    assertTrue(mechanism.isAvailable());
    SystemCallException refusal = assertRefused(SystemCallException.class, mechanism::open);
    assertEquals(errno, refusal.errnoName());
    if (mechanism == best) {
      assertEquals(mechanism, Mechanism.best());
      assertRefused(SystemCallException.class, DefaultSelector::open, errno);
    }
  }
}
