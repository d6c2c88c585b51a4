package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.Elapsed.assertStillWorks;
import static io.github.selectors4j.Elapsed.assertWaitsOut;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** Thread.interrupt makes a select a non-blocking one, as in java.nio, and leaves no trace. */
@Tag(Interposed.TOO)
class InterruptTest {

  @AfterEach
  void clearTheStatus() {
    Thread.interrupted();
  }

  @EveryMechanism
  void beforeASelectMakesItNonBlocking(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe idle = TestPipe.open()) {
      selector.register(idle.source, EVENT_READ);
      Thread.currentThread().interrupt();
      Elapsed elapsed = Elapsed.start();
      assertTrue(selector.select().isEmpty());
      assertTrue(selector.select(Duration.ofDays(1)).isEmpty());
      assertEquals(0, selector.select(null, (key, events) -> {}));
      elapsed.assertPrompt();
      assertTrue(Thread.interrupted(), "the status stays set");
      assertWaitsOut(selector);
      assertStillWorks(selector);
    }
  }

  @EveryMechanism
  void beforeASelectStillHandsOutReadyKeys(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable()) {
      List<ReadyKey> ready =
          List.of(new ReadyKey(selector.register(pipe.source, EVENT_READ), EVENT_READ));
      Thread.currentThread().interrupt();
      assertEquals(ready, selector.select());
      assertEquals(ready, selector.selectNow());
      assertTrue(Thread.interrupted(), "the status stays set");
      pipe.read();
      assertWaitsOut(selector);
    }
  }

  @EveryMechanism
  void duringASelectEndsIt(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe idle = TestPipe.open()) {
      selector.register(idle.source, EVENT_READ);
      try (var blocked =
          SelectThread.startBlocked(
              () -> {
                assertTrue(selector.select().isEmpty());
                return Thread.interrupted();
              })) {
        blocked.thread().interrupt();
        assertTrue(blocked.result(), "the status stays set");
      }
      assertWaitsOut(selector);
      assertStillWorks(selector);
    }
  }

  @EveryMechanism
  void duringATimedSelectEndsIt(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        var blocked =
            SelectThread.startBlocked(
                () -> {
                  assertTrue(selector.select(Duration.ofDays(1)).isEmpty());
                  return Thread.interrupted();
                })) {
      blocked.thread().interrupt();
      assertTrue(blocked.result(), "the status stays set");
    }
  }

  @EveryMechanism
  void doesNotCutAPassShort(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe first = TestPipe.readable();
        TestPipe second = TestPipe.readable()) {
      selector.register(first.source, EVENT_READ, first);
      selector.register(second.source, EVENT_READ, second);
      assertEquals(
          2,
          selector.select(
              null,
              (key, events) -> {
                Thread.currentThread().interrupt();
                ((TestPipe) key.data()).read();
              }));
      assertTrue(selector.select().isEmpty());
      assertTrue(Thread.interrupted(), "the status stays set");
      assertWaitsOut(selector);
    }
  }

  /** The select that an interrupt ends takes a wake-up that came with it along. */
  @EveryMechanism
  void andWakeupEndOneSelect(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      selector.wakeup();
      Thread.currentThread().interrupt();
      assertTrue(selector.select().isEmpty());
      assertTrue(Thread.interrupted());
      assertWaitsOut(selector);
    }
  }

  /** Interrupts at every moment of a select: just before, within, just after. */
  @EveryMechanism
  void neverOutlivesItsSelect(Mechanism mechanism) throws Exception {
    Thread selecting = Thread.currentThread();
    Rendezvous rendezvous = new Rendezvous(2);
    try (BaseSelector selector = mechanism.open();
        TestPipe idle = TestPipe.open();
        Crew crew = new Crew()) {
      selector.register(idle.source, EVENT_READ);
      crew.start(
          () -> {
            while (rendezvous.race()) {
              Rendezvous.pause();
              selecting.interrupt();
              rendezvous.await();
            }
          });
      for (int round = 0; round < 500; round++) {
        rendezvous.race();
        assertEquals(0, selector.selectNanos(5_000, (key, events) -> {}));
        Rendezvous.awaitInterrupt();
        rendezvous.await();
        Elapsed elapsed = Elapsed.start();
        assertEquals(0, selector.selectNanos(500_000, (key, events) -> {}));
        elapsed.assertLasted(Duration.ofNanos(500_000));
      }
      rendezvous.callOff();
      crew.await();
    } finally {
      rendezvous.callOff();
    }
  }

  @EveryMechanism
  void neverEndsALaterSelect(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      interruptTooLate(selector, pipe, () -> {});
      pipe.read();
      assertWaitsOut(selector);
    }
  }

  @EveryMechanism
  void neverWritesToANumberThatCloseHasReleased(Mechanism mechanism) throws Exception {
    List<TestDescriptor> strangers = new ArrayList<>();
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      interruptTooLate(selector, pipe, () -> closeAndOpen(selector, strangers));
      for (TestDescriptor stranger : strangers) {
        assertEquals(
            0, TestLibrary.poll(stranger.fileno(), TestLibrary.POLLIN, 0), stranger::toString);
      }
    } finally {
      strangers.forEach(TestDescriptor::close);
    }
  }

  private static void closeAndOpen(BaseSelector selector, List<TestDescriptor> strangers) {
    selector.close();
    while (strangers.size() < 6) {
      TestDescriptor.Pair pair = TestDescriptor.socketPair();
      strangers.addAll(List.of(pair.rd(), pair.wr()));
    }
  }

  /**
   * Interrupts a select that ends for another reason before the selector is told. A select of older
   * JDKs waits for that; of newer ones, it does not, and then something happens meanwhile.
   */
  private static void interruptTooLate(BaseSelector selector, TestPipe pipe, Crew.Work meanwhile)
      throws Exception {
    selector.register(pipe.source, EVENT_READ);
    try (var blocked = SelectThread.startBlocked(selector::select);
        Crew crew = new Crew()) {
      selector.loop.lock.lock();
      try {
        crew.start(() -> blocked.thread().interrupt());
        while (!selector.loop.lock.hasQueuedThreads()) {
          Thread.onSpinWait();
        }
        pipe.write();
        blocked.thread().join(100);
        if (blocked.isDone()) {
          meanwhile.run();
        }
      } finally {
        selector.loop.lock.unlock();
      }
      crew.await();
      assertEquals(1, blocked.result().size());
    }
  }
}
