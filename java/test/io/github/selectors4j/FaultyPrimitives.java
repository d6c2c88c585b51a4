package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.select.Epoll;
import io.github.selectors4j.select.FdEvent;
import io.github.selectors4j.select.Poll;
import io.github.selectors4j.select.Select;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** The scripts of {@link FaultScenario} for the primitives. */
final class FaultyPrimitives {
  /** Whole milliseconds and others: two different system calls. */
  private static final List<Duration> TIMEOUTS =
      List.of(Duration.ofMillis(2), Duration.ofNanos(1_500_000));

  private FaultyPrimitives() {}

  static void epoll(Mechanism mechanism, Fault fault) throws Exception {
    NanosWaits.retry();
    fault.arm();
    try (TestPipe pipe = TestPipe.open();
        Epoll epoll = fault.attempt(Epoll::open)) {
      attempt(fault, () -> epoll.register(pipe.source, Epoll.EPOLLOUT));
      attempt(fault, () -> epoll.modify(pipe.source, Epoll.EPOLLIN));
      for (Duration timeout : TIMEOUTS) {
        assertWaitsOut(fault, timeout, () -> epoll.poll(timeout, -1).size());
      }
      pipe.write();
      assertEquals(
          List.of(new FdEvent(pipe.source, Epoll.EPOLLIN)),
          fault.attempt(() -> epoll.poll(null, 1)));
      attempt(fault, () -> epoll.unregister(pipe.source));
      assertEquals(List.of(), fault.attempt(() -> epoll.poll(Duration.ZERO, 1)));
    } finally {
      fault.disarm();
    }
  }

  static void poll(Mechanism mechanism, Fault fault) throws Exception {
    NanosWaits.retry();
    fault.arm();
    try (TestPipe pipe = TestPipe.open();
        Poll poll = Poll.open()) {
      poll.register(pipe.source, Poll.POLLIN);
      for (Duration timeout : TIMEOUTS) {
        assertWaitsOut(fault, timeout, () -> poll.poll(timeout).size());
      }
      pipe.write();
      assertEquals(
          List.of(new FdEvent(pipe.source, Poll.POLLIN)), fault.attempt(() -> poll.poll(null)));
    } finally {
      fault.disarm();
    }
  }

  static void select(Mechanism mechanism, Fault fault) throws Exception {
    fault.arm();
    try (TestPipe pipe = TestPipe.open()) {
      List<Integer> source = List.of(pipe.source);
      for (Duration timeout : TIMEOUTS) {
        assertWaitsOut(
            fault,
            timeout,
            () -> Select.select(source, List.of(), List.of(), timeout).readable().size());
      }
      pipe.write();
      assertEquals(
          source,
          fault.attempt(() -> Select.select(source, List.of(), List.of(), null)).readable());
    } finally {
      fault.disarm();
    }
  }

  private static void attempt(Fault fault, Fault.Work work) throws Exception {
    if (fault.fails(work)) {
      work.run();
    }
  }

  private static void assertWaitsOut(Fault fault, Duration timeout, Callable<Integer> wait)
      throws Exception {
    Elapsed elapsed = Elapsed.start();
    assertEquals(0, fault.attempt(wait));
    elapsed.assertLasted(timeout);
  }
}
