package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.Elapsed.assertStillWorks;
import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;

/** Changes by other threads take effect on a select in progress, and don't end it. */
class ThreadContractTest {

  @EveryMechanism
  void aRegistrationTakesEffectOnTheSelectInProgress(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe ready = TestPipe.readable();
        TestPipe later = TestPipe.open()) {
      try (var blocked = SelectThread.startBlocked(selector::select)) {
        SelectorKey key = selector.register(ready.source, EVENT_READ);
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), blocked.result());
        selector.unregister(ready.source);
      }
      try (var blocked = SelectThread.startBlocked(selector::select)) {
        SelectorKey key = selector.register(later.source, EVENT_READ);
        blocked.awaitBlocked();
        later.write();
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), blocked.result());
      }
    }
  }

  @EveryMechanism
  void aModificationTakesEffectOnTheSelectInProgress(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable()) {
      selector.register(pipe.source, EVENT_WRITE);
      try (var blocked = SelectThread.startBlocked(selector::select)) {
        SelectorKey key = selector.modify(pipe.source, EVENT_READ | EVENT_WRITE, "data");
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), blocked.result());
      }
    }
  }

  @EveryMechanism
  void aNarrowedInterestTakesEffectOnTheSelectInProgress(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      selector.register(pipe.source, EVENT_READ);
      try (var blocked = SelectThread.startBlocked(selector::select)) {
        selector.modify(pipe.source, EVENT_WRITE);
        pipe.write();
        blocked.awaitBlocked();
        selector.wakeup();
        assertEquals(List.of(), blocked.result());
      }
    }
  }

  @EveryMechanism
  void anUnregisteredFileDoesNotEndTheSelectInProgress(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe gone = TestPipe.open();
        TestPipe kept = TestPipe.open()) {
      selector.register(gone.source, EVENT_READ);
      SelectorKey key = selector.register(kept.source, EVENT_READ);
      try (var blocked = SelectThread.startBlocked(selector::select)) {
        selector.unregister(gone.source);
        gone.write();
        blocked.awaitBlocked();
        kept.write();
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), blocked.result());
      }
    }
  }

  @EveryMechanism
  void changesNeitherEndASelectNorMoveItsTimeout(Mechanism mechanism) throws Exception {
    Duration timeout = Duration.ofMillis(250);
    try (BaseSelector selector = mechanism.open();
        TestPipe idle = TestPipe.open();
        var timed =
            SelectThread.start(
                () -> {
                  Elapsed elapsed = Elapsed.start();
                  assertEquals(0, selector.select(timeout, (key, events) -> {}));
                  elapsed.assertLasted(timeout);
                  return null;
                })) {
      while (!timed.isDone()) {
        selector.register(idle.source, EVENT_READ);
        selector.modify(idle.source, EVENT_READ, "data");
        selector.modify(idle.source, EVENT_WRITE);
        selector.modify(idle.source, EVENT_READ | EVENT_WRITE);
        selector.unregister(idle.source);
      }
      timed.result();
    }
  }

  @EveryMechanism
  void aSecondThreadMayNotSelect(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      SelectorKey key = selector.register(pipe.source, EVENT_READ);
      try (var blocked = SelectThread.startBlocked(selector::select)) {
        assertRefused(IllegalStateException.class, selector::select);
        assertRefused(IllegalStateException.class, selector::selectNow);
        assertRefused(IllegalStateException.class, () -> selector.selectNanos(1, (k, e) -> {}));
        assertFalse(blocked.isDone());
        pipe.write();
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), blocked.result());
      }
      assertStillWorks(selector);
    }
  }

  @EveryMechanism
  void norWhileTheFirstRunsAHandler(Mechanism mechanism) throws Exception {
    CountDownLatch refused = new CountDownLatch(1);
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable()) {
      selector.register(pipe.source, EVENT_READ);
      try (var running = SelectThread.startInHandler(selector, refused)) {
        assertRefused(IllegalStateException.class, selector::selectNow);
        refused.countDown();
        assertEquals(1, running.result());
      }
      assertStillWorks(selector);
    }
  }

  /** A handler that has begun may go on while the key is unregistered under its feet. */
  @EveryMechanism
  void unregisterNeverWaitsForAHandler(Mechanism mechanism) throws Exception {
    CountDownLatch unregistered = new CountDownLatch(1);
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable()) {
      SelectorKey key = selector.register(pipe.source, EVENT_READ);
      try (var running = SelectThread.startInHandler(selector, unregistered)) {
        assertSame(key, selector.unregister(pipe.source));
        unregistered.countDown();
        assertEquals(1, running.result());
      }
      assertEquals(0, selector.selectNow((k, events) -> {}));
    }
  }

  /** One thread may end its selects and another begin. */
  @EveryMechanism
  void threadsTakeTurns(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable()) {
      selector.register(pipe.source, EVENT_READ);
      for (int turn = 0; turn < 20; turn++) {
        try (var other = SelectThread.start(selector::select)) {
          assertEquals(1, other.result().size());
        }
        assertEquals(1, selector.select().size());
      }
    }
  }

  /** What a handler does by plain reads and writes is neither lost nor done by two at a time. */
  @EveryMechanism
  void onlyOneOfManySelectsAtATime(Mechanism mechanism) throws Exception {
    int[] handled = {0};
    LongAdder succeeded = new LongAdder();
    LongAdder refused = new LongAdder();
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable();
        Crew crew = new Crew()) {
      selector.register(pipe.source, EVENT_READ);
      for (int thread = 0; thread < 3; thread++) {
        crew.start(
            () -> {
              while (succeeded.sum() < 20_000 || refused.sum() < 100) {
                try {
                  assertEquals(1, selector.selectNow((key, events) -> handled[0]++));
                  succeeded.increment();
                } catch (IllegalStateException anotherSelects) {
                  refused.increment();
                }
              }
            });
      }
      crew.await();
      assertEquals(succeeded.sum(), handled[0]);
      assertStillWorks(selector);
    }
  }
}
