package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.channels.ClosedSelectorException;
import java.time.Duration;

/** The scripts of {@link FaultScenario} for awaiters. */
final class FaultyAwaiters {
  private static final Duration SHORT = Duration.ofMillis(3);
  private static final Duration LONG = Duration.ofSeconds(30);

  private FaultyAwaiters() {}

  static void open(Mechanism mechanism, Fault fault) throws Exception {
    fault.arm();
    fault.attempt(() -> Awaiter.open(mechanism)).close();
    fault.disarm();
    try (Awaiter awaiter = Awaiter.open(mechanism)) {
      assertStillWorks(awaiter);
    }
  }

  /** For the first time, again, and for something else. */
  static void await(Mechanism mechanism, Fault fault) throws Exception {
    try (Awaiter awaiter = Awaiter.open(mechanism)) {
      TestDescriptor.Pair pair = TestDescriptor.socketPair();
      try (TestDescriptor rd = pair.rd();
          TestDescriptor wr = pair.wr();
          TestPipe other = TestPipe.readable()) {
        wr.write("x");
        fault.arm();
        for (int events : new int[] {EVENT_READ, EVENT_READ, EVENT_WRITE}) {
          assertEquals(events, fault.attempt(() -> awaiter.await(rd, events, LONG)));
        }
        fault.disarm();
        // The poller may have met it since: who comes now may be told yet.
        awaitDespite(awaiter, other);
        rd.read();
        assertEquals(0, awaiter.await(rd, EVENT_READ, SHORT));
        wr.write("x");
        assertEquals(EVENT_READ, awaiter.await(rd, EVENT_READ, LONG));
      }
      assertStillWorks(awaiter);
    }
  }

  /** The pollers' wait fails while somebody waits: he is told, and nobody is left parked. */
  static void wait(Mechanism mechanism, Fault fault) throws Exception {
    try (Awaiter awaiter = Awaiter.open(mechanism);
        TestPipe pipe = TestPipe.open();
        TestPipe other = TestPipe.readable()) {
      try (var waiting =
          AwaitThread.start(
              SelectThread::daemon,
              () -> fault.attempt(() -> awaiter.await(pipe.source, EVENT_READ)))) {
        fault.arm();
        // Ends the wait in progress; the next one fails, before this one or after it.
        awaitDespite(awaiter, other);
        pipe.write();
        assertEquals(EVENT_READ, waiting.result());
        fault.disarm();
        // Who comes now may be told yet of what has failed before.
        awaitDespite(awaiter, other);
      }
      assertStillWorks(awaiter);
    }
  }

  /** Until the poller has waited without a failure. */
  private static void awaitDespite(Awaiter awaiter, TestPipe readable) throws Exception {
    while (true) {
      try {
        assertEquals(EVENT_READ, awaiter.await(readable.source, EVENT_READ, LONG));
        return;
      } catch (SystemCallException failure) {
        continue;
      }
    }
  }

  static void look(Mechanism mechanism, Fault fault) throws Exception {
    try (Awaiter awaiter = Awaiter.open(mechanism);
        TestPipe pipe = TestPipe.readable()) {
      fault.arm();
      assertEquals(
          EVENT_READ, fault.attempt(() -> awaiter.await(pipe.source, EVENT_READ, Duration.ZERO)));
      fault.disarm();
      // The poller may have met it: who comes now may be told yet.
      awaitDespite(awaiter, pipe);
      assertStillWorks(awaiter);
    }
  }

  /** When a close can't end the poller, it says so, or waits for a while; the next one does. */
  static void close(Mechanism mechanism, Fault fault) throws Exception {
    Awaiter awaiter = Awaiter.open(mechanism);
    try (TestPipe pipe = TestPipe.open();
        var waiting =
            AwaitThread.start(
                SelectThread::daemon,
                () -> {
                  assertThrows(
                      ClosedSelectorException.class, () -> awaiter.await(pipe.source, EVENT_READ));
                  return 0;
                })) {
      fault.arm();
      try (var closing = SelectThread.start(() -> fault.fails(awaiter::close))) {
        assertEquals(0, waiting.result());
        while (!closing.isDone() && closing.thread().getState() != Thread.State.TIMED_WAITING) {
          Thread.onSpinWait();
        }
        fault.disarm();
        awaiter.close();
        closing.result();
      }
    } finally {
      awaiter.close();
    }
  }

  private static void assertStillWorks(Awaiter awaiter) throws Exception {
    try (TestPipe pipe = TestPipe.readable()) {
      assertEquals(EVENT_READ, awaiter.await(pipe.source, EVENT_READ, LONG));
      pipe.read();
      assertEquals(0, awaiter.await(pipe.source, EVENT_READ, SHORT));
    }
  }
}
