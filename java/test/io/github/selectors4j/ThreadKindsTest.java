package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.Elapsed.assertWaitsOut;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.ClosedSelectorException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** Whatever ends a select does so in every kind of thread that this JDK has. */
class ThreadKindsTest {

  /** Platform threads, and from JDK 21 on virtual ones. */
  static List<ThreadFactory> kinds() throws ReflectiveOperationException {
    List<ThreadFactory> kinds = new ArrayList<>();
    kinds.add(SelectThread::daemon);
    if (Runtime.version().feature() >= 21) {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder");
      kinds.add((ThreadFactory) type.getMethod("factory").invoke(builder));
    }
    return kinds;
  }

  @EveryMechanism
  void readiness(Mechanism mechanism) throws Exception {
    for (ThreadFactory kind : kinds()) {
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
  }

  @EveryMechanism
  void wakeup(Mechanism mechanism) throws Exception {
    for (ThreadFactory kind : kinds()) {
      try (BaseSelector selector = mechanism.open();
          var blocked = SelectThread.start(kind, selector::select)) {
        blocked.awaitBlocked();
        selector.wakeup();
        assertTrue(blocked.result().isEmpty());
      }
    }
  }

  @EveryMechanism
  void interrupt(Mechanism mechanism) throws Exception {
    for (ThreadFactory kind : kinds()) {
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
  }

  @EveryMechanism
  void close(Mechanism mechanism) throws Exception {
    for (ThreadFactory kind : kinds()) {
      BaseSelector selector = mechanism.open();
      try (var blocked = SelectThread.start(kind, selector::select)) {
        blocked.awaitBlocked();
        selector.close();
        assertSame(ClosedSelectorException.class, blocked.failure().getClass());
      }
    }
  }
}
