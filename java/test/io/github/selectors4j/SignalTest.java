package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A signal that interrupts the system call (EINTR) neither ends a select nor moves its timeout. */
class SignalTest {

  @EveryMechanism
  void aStormOfSignalsDoesNotMoveTheTimeout(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe idle = TestPipe.open()) {
      selector.register(idle.source, EVENT_READ);
      SignalStorm.weather(
          () -> {
            for (long nanos : new long[] {1_500_000, 20_000_000, 150_250_000, 200_000_000}) {
              Duration timeout = Duration.ofNanos(nanos);
              Elapsed elapsed = Elapsed.start();
              assertEquals(0, selector.select(timeout, (key, events) -> {}));
              elapsed.assertLasted(timeout);
            }
          });
    }
  }

  @EveryMechanism
  void aSelectWithoutTimeoutGoesOn(Mechanism mechanism) throws Exception {
    TestLibrary.check(TestLibrary.installHandler(TestLibrary.SIGUSR1));
    CompletableFuture<Long> selecting = new CompletableFuture<>();
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      SelectorKey key = selector.register(pipe.source, EVENT_READ);
      try (var blocked =
          SelectThread.start(
              () -> {
                selecting.complete(TestLibrary.threadSelf());
                return selector.select();
              })) {
        for (int signal = 0; signal < 50; signal++) {
          blocked.awaitBlocked();
          TestLibrary.check(TestLibrary.pthreadKill(selecting.get(), TestLibrary.SIGUSR1));
        }
        pipe.write();
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), blocked.result());
      }
    }
  }

  /** Where the kernel makes a change wait for the select, a signal may end that wait, too. */
  @EveryMechanism
  void aChangeIsMadeAllTheSame(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe idle = TestPipe.open();
        var blocked = SelectThread.startBlocked(selector::select)) {
      SignalStorm.weather(
          () -> {
            int before = TestLibrary.signalsHandled();
            while (TestLibrary.signalsHandled() - before < 500) {
              selector.register(idle.source, EVENT_READ);
              selector.unregister(idle.source);
            }
          });
      assertFalse(blocked.isDone());
      selector.wakeup();
      assertEquals(List.of(), blocked.result());
    }
  }
}
