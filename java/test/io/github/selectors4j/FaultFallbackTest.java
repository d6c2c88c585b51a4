package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.Elapsed.assertStillWorks;
import static io.github.selectors4j.Elapsed.assertWaitsOut;
import static io.github.selectors4j.Mechanism.DEVPOLL;
import static io.github.selectors4j.Mechanism.EPOLL;
import static io.github.selectors4j.Mechanism.KQUEUE;
import static io.github.selectors4j.Mechanism.POLL;
import static io.github.selectors4j.Mechanism.SELECT;
import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

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
