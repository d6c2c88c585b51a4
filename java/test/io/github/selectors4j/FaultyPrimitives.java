package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.select.Devpoll;
import io.github.selectors4j.select.Epoll;
import io.github.selectors4j.select.FdEvent;
import io.github.selectors4j.select.Kevent;
import io.github.selectors4j.select.Kqueue;
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

  static void kqueue(Mechanism mechanism, Fault fault) throws Exception {
    fault.arm();
    try (TestPipe pipe = TestPipe.open();
        Kqueue kqueue = fault.attempt(Kqueue::open)) {
      attempt(fault, () -> kqueue.control(readable(pipe, Kqueue.KQ_EV_ADD), 0, null));
      attempt(fault, () -> answered(kqueue, readable(pipe, Kqueue.KQ_EV_ADD)));
      for (Duration timeout : TIMEOUTS) {
        assertWaitsOut(fault, timeout, () -> kqueue.control(null, 1, timeout).size());
      }
      pipe.write();
      Kevent event = fault.attempt(() -> kqueue.control(null, 1, null)).get(0);
      assertEquals(pipe.source, event.ident());
      assertEquals(Kqueue.KQ_FILTER_READ, event.filter());
      attempt(fault, () -> kqueue.control(readable(pipe, Kqueue.KQ_EV_DELETE), 0, null));
      assertEquals(List.of(), fault.attempt(() -> kqueue.control(null, 1, Duration.ZERO)));
    } finally {
      fault.disarm();
    }
  }

  private static List<Kevent> readable(TestPipe pipe, int action) {
    return List.of(new Kevent(pipe.source, Kqueue.KQ_FILTER_READ, action, 0, 0, 0));
  }

  /** With room, an error comes as an event. */
  private static void answered(Kqueue kqueue, List<Kevent> changes) throws Exception {
    for (Kevent answer : kqueue.control(changes, 1, Duration.ZERO)) {
      assertEquals(Kqueue.KQ_EV_ERROR, answer.flags());
      throw Errno.exception("kevent(ADD, fd " + answer.ident() + ")", (int) answer.data());
    }
  }

  static void devpoll(Mechanism mechanism, Fault fault) throws Exception {
    fault.arm();
    try (TestPipe pipe = TestPipe.open();
        Devpoll devpoll = fault.attempt(Devpoll::open)) {
      attempt(fault, () -> devpoll.register(pipe.source, Poll.POLLOUT));
      attempt(fault, () -> devpoll.modify(pipe.source, Poll.POLLIN));
      for (Duration timeout : TIMEOUTS) {
        assertWaitsOut(fault, timeout, () -> devpoll.poll(timeout).size());
      }
      pipe.write();
      assertEquals(
          List.of(new FdEvent(pipe.source, Poll.POLLIN)), fault.attempt(() -> devpoll.poll(null)));
      attempt(fault, () -> devpoll.unregister(pipe.source));
      assertEquals(List.of(), fault.attempt(() -> devpoll.poll(Duration.ZERO)));
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
