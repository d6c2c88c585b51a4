package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.Elapsed.assertWaitsOut;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.ClosedSelectorException;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** Whatever ends a select does so in every kind of thread that this JDK has. */
class ThreadKindsTest {

  @EveryMechanismAndThread
  void readiness(Mechanism mechanism, ThreadFactory kind) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      SelectorKey key = selector.register(pipe.source, EVENT_READ);
      try (var blocked = SelectThread.start(kind, selector::select)) {
        blocked.awaitBlocked();
        pipe.write();
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), blocked.result());
      }
    }
  }

  @EveryMechanismAndThread
  void wakeup(Mechanism mechanism, ThreadFactory kind) throws Exception {
    try (BaseSelector selector = mechanism.open();
        var blocked = SelectThread.start(kind, selector::select)) {
      blocked.awaitBlocked();
      selector.wakeup();
      assertTrue(blocked.result().isEmpty());
    }
  }

  @EveryMechanismAndThread
  void interrupt(Mechanism mechanism, ThreadFactory kind) throws Exception {
    try (BaseSelector selector = mechanism.open();
        var blocked =
            SelectThread.start(
                kind,
                () -> {
                  assertTrue(selector.select().isEmpty());
                  assertTrue(Thread.interrupted(), "the status stays set");
                  assertWaitsOut(selector);
                  return null;
                })) {
      blocked.awaitBlocked();
      blocked.thread().interrupt();
      blocked.result();
    }
  }

  @EveryMechanismAndThread
  void close(Mechanism mechanism, ThreadFactory kind) throws Exception {
    BaseSelector selector = mechanism.open();
    try (var blocked = SelectThread.start(kind, selector::select)) {
      blocked.awaitBlocked();
      selector.close();
      assertSame(ClosedSelectorException.class, blocked.failure().getClass());
    }
  }
}
