package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The handler forms of select, and an await, allocate nothing in the steady state. */
class AllocationTest {
  private static final Duration SHORT = Duration.ofNanos(1_500);

  /** One turn of a loop; returns how many keys were handed out. */
  private interface Turn {
    int run(BaseSelector selector, ReadyHandler handler) throws IOException;
  }

  @EveryMechanism
  void aPollAllocatesNothing(Mechanism mechanism) throws Exception {
    assertAllocatesNothing(mechanism, 2_000, true, (s, handler) -> s.selectNanos(0, handler));
    assertAllocatesNothing(mechanism, 2_000, true, BaseSelector::selectNow);
    assertAllocatesNothing(mechanism, 2_000, false, BaseSelector::selectNow);
  }

  @EveryMechanism
  void aWaitThatFindsReadyKeysAllocatesNothing(Mechanism mechanism) throws Exception {
    assertAllocatesNothing(mechanism, 2_000, true, (s, handler) -> s.select(null, handler));
    assertAllocatesNothing(mechanism, 2_000, true, (s, handler) -> s.select(null, handler));
    assertAllocatesNothing(mechanism, 2_000, true, (s, handler) -> s.select(SHORT, handler));
  }

  @EveryMechanism
  void aTimeoutAllocatesNothing(Mechanism mechanism) throws Exception {
    assertAllocatesNothing(mechanism, 100, false, (s, handler) -> s.selectNanos(1_500, handler));
    assertAllocatesNothing(mechanism, 100, false, (s, handler) -> s.select(SHORT, handler));
    assertAllocatesNothing(mechanism, 20, false, (s, handler) -> s.selectNanos(1_000_000, handler));
  }

  @EveryMechanism
  void aWakeupAllocatesNothing(Mechanism mechanism) throws Exception {
    assertAllocatesNothing(
        mechanism, 2_000, false, (s, handler) -> s.wakeup().select(null, handler));
  }

  /** A thread that goes on before it has parked may find its waiter in use yet. */
  @EveryMechanism
  void anAwaitOfOneThatParksAllocatesNothing(Mechanism mechanism) throws Exception {
    int awaits = 500;
    AtomicInteger taken = new AtomicInteger();
    try (Awaiter awaiter = Awaiter.open(mechanism);
        TestPipe pipe = TestPipe.open()) {
      Integer source = pipe.source;
      byte[] one = new byte[1];
      Crew.Work takeOne =
          () -> {
            awaiter.await(source, EVENT_READ);
            taken.addAndGet(TestLibrary.read(source, one, 1));
          };
      try (SelectThread<Long> awaiting =
          SelectThread.start(() -> Allocation.least(awaits, takeOne))) {
        for (int written = 0; !awaiting.isDone(); ) {
          if (taken.get() == written && LockSupport.getBlocker(awaiting.thread()) != null) {
            pipe.write();
            written++;
          }
        }
        long least = awaiting.result();
        assertTrue(least <= awaits * queued(mechanism), least + " bytes in " + awaits + " awaits");
      }
    }
  }

  /** What an await has to leave to the waiting thread, in bytes. */
  private static int queued(Mechanism mechanism) {
    return switch (mechanism) {
      case EPOLL, KQUEUE -> 0;
      case DEVPOLL, POLL, SELECT -> 48;
    };
  }

  @EveryMechanism
  void anAwaitThatDoesNotWaitAllocatesNothing(Mechanism mechanism) throws Exception {
    try (Awaiter awaiter = Awaiter.open(mechanism);
        TestPipe pipe = TestPipe.open()) {
      Integer source = pipe.source;
      Crew.Work look = () -> assertEquals(0, awaiter.await(source, EVENT_READ, Duration.ZERO));
      assertEquals(0, Allocation.least(2_000, look), "bytes");
    }
  }

  private static void assertAllocatesNothing(
      Mechanism mechanism, int turns, boolean ready, Turn turn) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = ready ? TestPipe.readable() : TestPipe.open();
        Duplicates duplicates = Duplicates.of(pipe.source, 20)) {
      for (int fd : duplicates.fds()) {
        selector.register(fd, EVENT_READ);
      }
      int expected = ready ? 20 : 0;
      ReadyHandler handler = (key, events) -> {};
      long least =
          Allocation.least(turns, () -> assertEquals(expected, turn.run(selector, handler)));
      assertEquals(0, least, "bytes in " + turns + " turns");
    }
  }
}
