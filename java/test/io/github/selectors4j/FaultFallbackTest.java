package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.Elapsed.assertStillWorks;
import static io.github.selectors4j.Elapsed.assertWaitsOut;
import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the library does where a system call fails every time. */
@Tag(Interposed.ONLY)
@Timeout(60)
class FaultFallbackTest {

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
      assertEquals(mechanism == Mechanism.EPOLL ? 3 : 2, Interposed.owned().size() - before);
      for (int round = 0; round < 3; round++) {
        selector.wakeup().wakeup();
        assertEquals(List.of(), selector.select());
        assertWaitsOut(selector);
      }
      assertStillWorks(selector);
    }
    assertEquals(before, Interposed.owned().size());
  }

  /** What the system is short of, the platform does not lack. */
  @ParameterizedTest
  @CsvSource({
    "EPOLL, epoll_create1, EMFILE",
    "EPOLL, epoll_create1, ENFILE",
    "EPOLL, epoll_create1, ENOMEM",
    "EPOLL, eventfd, EMFILE",
    "EPOLL, eventfd, ENODEV",
    "EPOLL, epoll_ctl(ADD), ENOSPC",
    "POLL, eventfd, ENFILE",
    "SELECT, eventfd, ENOMEM"
  })
  void whatCannotBeOpenedIsAvailable(Mechanism mechanism, String call, String errno) {
    Interposed.fail(call, errno, 0, Interposed.ALWAYS);
    assertTrue(mechanism.isAvailable());
    SystemCallException refusal = assertRefused(SystemCallException.class, mechanism::open);
    assertEquals(errno, refusal.errnoName());
    if (mechanism == Mechanism.EPOLL) {
      assertEquals(mechanism, Mechanism.best());
      assertRefused(SystemCallException.class, DefaultSelector::open, errno);
    }
  }
}
