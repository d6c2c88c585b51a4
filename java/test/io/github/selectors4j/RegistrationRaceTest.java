package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** Eight threads change the registrations while one selects. */
@Timeout(120)
@Tag(Interposed.TOO)
class RegistrationRaceTest {
  private static final int THREADS = 8;
  private static final int ROUNDS = 400;

  /** After which a select that should find something is taken to have lost it. */
  private static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(20);

  /** What a registration carries as its data: until which select it may be reported. */
  private static final class Registration {
    /** The number of the select in progress when unregister returned. */
    volatile int lastSelect = Integer.MAX_VALUE;

    final Semaphore seen = new Semaphore(0);
  }

  /** Counts the selects; number n has not begun before {@code begun} is n. */
  private static final class Loop {
    final AtomicInteger begun = new AtomicInteger();
    final AtomicBoolean done = new AtomicBoolean();

    Void run(BaseSelector selector) throws Exception {
      while (!done.get() && !Thread.currentThread().isInterrupted()) {
        int number = begun.incrementAndGet();
        selector.select(null, (key, events) -> hand(key, events, number));
      }
      return null;
    }

    private static void hand(SelectorKey key, int events, int number) {
      assertTrue(events != 0 && (events & ~key.events()) == 0, () -> key + " got " + events);
      if (key.data() instanceof Registration registration) {
        assertFalse(number > registration.lastSelect, () -> key + " outlives its unregister");
        registration.seen.release();
      }
    }
  }

  private interface Work {
    void round(BaseSelector selector, Loop loop, TestPipe pipe) throws Exception;
  }

  @EveryMechanism
  void aReadyRegistrationIsReportedByTheSelectInProgress(Mechanism mechanism) throws Exception {
    race(
        mechanism,
        (selector, loop, pipe) -> {
          Registration registration = new Registration();
          selector.register(pipe.source, EVENT_READ, registration);
          assertSeen(registration);
          unregister(selector, loop, pipe);
        });
  }

  /** A change that begins before a select and ends during it has nobody to wake, and yet counts. */
  @EveryMechanism
  void aRegistrationJustAsASelectBeginsIsReported(Mechanism mechanism) throws Exception {
    Rendezvous rendezvous = new Rendezvous(2);
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable();
        Crew crew = new Crew()) {
      crew.start(
          () -> {
            while (rendezvous.race()) {
              selector.register(pipe.source, EVENT_READ);
              rendezvous.await();
            }
          });
      for (int round = 0; round < 5_000; round++) {
        rendezvous.race();
        assertEquals(1, selector.selectNanos(LOST_NANOS, (key, events) -> {}), "it is lost");
        rendezvous.await();
        selector.unregister(pipe.source);
      }
      rendezvous.callOff();
      crew.await();
    } finally {
      rendezvous.callOff();
    }
  }

  @EveryMechanism
  void aModificationIsNeitherLostNorAppliedTwice(Mechanism mechanism) throws Exception {
    race(
        mechanism,
        (selector, loop, pipe) -> {
          Registration quiet = new Registration();
          selector.register(pipe.source, EVENT_WRITE, quiet);
          Registration loud = new Registration();
          selector.modify(pipe.source, EVENT_READ, loud);
          assertSeen(loud);
          SelectorKey key = selector.modify(pipe.source, EVENT_WRITE);
          assertSame(key, selector.getKey(pipe.source));
          assertEquals(0, quiet.seen.availablePermits());
          unregister(selector, loop, pipe);
        });
  }

  /** The number goes to another file, whose registration must not be taken for the old one's. */
  @EveryMechanism
  void aReusedNumberIsReportedForItsNewFileOnly(Mechanism mechanism) throws Exception {
    race(
        mechanism,
        (selector, loop, pipe) -> {
          Registration old = new Registration();
          int number = TestLibrary.check(TestLibrary.dup(pipe.source));
          selector.register(number, EVENT_READ, old);
          if (ThreadLocalRandom.current().nextBoolean()) {
            assertSeen(old);
          }
          try (TestPipe idle = TestPipe.open()) {
            TestLibrary.check(TestLibrary.dup2(idle.source, number));
            selector.unregister(number);
            old.lastSelect = loop.begun.get();
            Registration next = new Registration();
            selector.register(number, EVENT_READ, next);
            assertEquals(0, next.seen.availablePermits(), "the new file is idle");
            idle.write();
            assertSeen(next);
            selector.unregister(number);
            next.lastSelect = loop.begun.get();
          }
          TestLibrary.check(TestLibrary.close(number));
        });
  }

  private static void assertSeen(Registration registration) throws InterruptedException {
    assertTrue(registration.seen.tryAcquire(30, TimeUnit.SECONDS), "a change was lost");
  }

  private static void unregister(BaseSelector selector, Loop loop, TestPipe pipe) {
    Registration registration = (Registration) selector.unregister(pipe.source).data();
    if (registration != null) {
      registration.lastSelect = loop.begun.get();
    }
  }

  private static void race(Mechanism mechanism, Work work) throws Exception {
    Loop loop = new Loop();
    try (BaseSelector selector = mechanism.open();
        var selecting = SelectThread.start(() -> loop.run(selector));
        Crew crew = new Crew()) {
      for (int thread = 0; thread < THREADS; thread++) {
        crew.start(
            () -> {
              try (TestPipe pipe = TestPipe.readable()) {
                for (int round = 0; round < ROUNDS; round++) {
                  work.round(selector, loop, pipe);
                }
              }
            });
      }
      crew.await();
      assertFalse(selecting.isDone(), "the selecting thread failed");
      loop.done.set(true);
      selector.wakeup();
      selecting.result();
      assertTrue(selector.getMap().isEmpty());
      assertEquals(0, selector.selectNow((key, events) -> {}));
    }
  }
}
