package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.internal.fileobject.FileObjects;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;

/** Threads that await children's inputs, of whose end nothing tells: one thread looks at all. */
@Timeout(60)
class AwaitedInputTest extends ChildTestCase {

  private static final Duration INTERVAL = Duration.ofMillis(50);
  private static final String LOOKING = "selectors4j-awaiter-inputs";

  @EveryMechanism
  void areLookedAtOnceAnIntervalForAll(Mechanism mechanism) throws Exception {
    Set<Thread> others = looking();
    try (Awaiter awaiter = Awaiter.open(mechanism)) {
      List<AwaitThread> waiting = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        OutputStream input = full().getOutputStream();
        waiting.add(
            addCleanup(AwaitThread.start(SelectThread::daemon, awaiter, input, EVENT_WRITE)));
      }
      Set<Thread> looking = lookingBut(others);
      assertEquals(1, looking.size());
      Thread thread = looking.iterator().next();
      // Those that have come may have it look once more at once, as locks do.
      awaitWaits(thread, waits(thread) + 2);
      List<Long> before = waiting.stream().map(AwaitedInputTest::waits).toList();
      List<Object> parkedFor = parkedFor(waiting);
      Elapsed elapsed = Elapsed.start();
      Object blocker = parkedFor(thread);
      assertTrue(blocker.toString().contains("child"), () -> "parked for " + blocker);
      awaitWaits(thread, waits(thread) + 4);
      // The first may have begun before.
      elapsed.assertLasted(INTERVAL.multipliedBy(3));
      for (int i = 0; i < before.size(); i++) {
        long parks = waits(waiting.get(i)) - before.get(i);
        assertTrue(parks <= 1, () -> parks + " parks, of which one may have been due yet");
      }
      assertEquals(parkedFor, parkedFor(waiting));
      waiting.forEach(AwaitThread::close);
      thread.join(LONG.toMillis());
      assertFalse(thread.isAlive(), "it looks though nobody waits");
    }
    assertEquals(Set.of(), lookingBut(others));
  }

  /** As anybody may get the number before the end is looked at. */
  @EveryMechanismAndThread
  void theNextFileOfTheNumberIsNotTakenForTheInput(Mechanism mechanism, ThreadFactory kind)
      throws Exception {
    try (Awaiter awaiter = Awaiter.open(mechanism)) {
      Process child = full();
      OutputStream input = child.getOutputStream();
      int number = FileObjects.descriptor(input);
      try (var waiting = AwaitThread.start(kind, awaiter, input, EVENT_WRITE)) {
        child.destroyForcibly();
        awaitClosed(input);
        try (TestPipe next = TestPipe.openAt(number)) {
          assertEquals(0, awaiter.await(number, EVENT_READ, Duration.ofMillis(1)));
          assertEquals(EVENT_WRITE, waiting.result());
          next.write();
          assertEquals(EVENT_READ, awaiter.await(number, EVENT_READ, LONG));
        }
      }
      assertEquals(EVENT_WRITE, awaiter.await(input, EVENT_WRITE));
    }
  }

  @EveryMechanism
  void isReadyWhenItsUserClosesIt(Mechanism mechanism) throws Exception {
    try (Awaiter awaiter = Awaiter.open(mechanism)) {
      OutputStream input = child("sleep", "1000").getOutputStream();
      try (var waiting = AwaitThread.start(SelectThread::daemon, awaiter, input, EVENT_READ)) {
        input.close();
        assertEquals(EVENT_READ, waiting.result());
      }
    }
  }

  /** Which a kqueue tells by refusing to watch it for writing. */
  @EveryMechanism
  void isReadyWhenTheChildClosesItAndLivesOn(Mechanism mechanism) throws Exception {
    try (Awaiter awaiter = Awaiter.open(mechanism)) {
      Process child = child("sh", "-c", "exec <&-; echo closed; exec sleep 1000");
      assertEquals('c', child.getInputStream().read());
      for (Duration timeout : new Duration[] {null, LONG, Duration.ZERO}) {
        assertEquals(EVENT_WRITE, awaiter.await(child.getOutputStream(), EVENT_WRITE, timeout));
      }
    }
  }

  @EveryMechanismAndThread
  void closeLetsThemGo(Mechanism mechanism, ThreadFactory kind) throws Exception {
    Set<Thread> others = looking();
    Awaiter awaiter = addCleanup(Awaiter.open(mechanism));
    OutputStream input = full().getOutputStream();
    try (var waiting = AwaitThread.start(kind, awaiter, input, EVENT_WRITE)) {
      Set<Thread> looking = lookingBut(others);
      assertEquals(1, looking.size());
      awaiter.close();
      assertEquals("ClosedSelectorException", waiting.failure().getSimpleName());
      Thread thread = looking.iterator().next();
      thread.join(LONG.toMillis());
      assertFalse(thread.isAlive());
    }
  }

  private static Set<Thread> looking() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(LOOKING))
        .collect(Collectors.toSet());
  }

  /** Those of an awaiter that nobody waits by any more come to their end at the next look. */
  private static Set<Thread> lookingBut(Set<Thread> others) {
    Set<Thread> looking = looking();
    looking.removeAll(others);
    return looking;
  }

  private static void awaitWaits(Thread thread, long count) {
    Elapsed elapsed = Elapsed.start();
    while (waits(thread) < count) {
      elapsed.assertWithin(LONG);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static long waits(AwaitThread waiting) {
    return waits(waiting.thread());
  }

  private static List<Object> parkedFor(List<AwaitThread> waiting) throws InterruptedException {
    List<Object> all = new ArrayList<>();
    for (AwaitThread each : waiting) {
      all.add(each.awaitParked());
    }
    return all;
  }

  /** Waits until what looks at all is parked. */
  private static Object parkedFor(Thread thread) {
    Elapsed elapsed = Elapsed.start();
    Object blocker;
    while ((blocker = LockSupport.getBlocker(thread)) == null) {
      elapsed.assertWithin(LONG);
      Thread.onSpinWait();
    }
    return blocker;
  }

  /** How often a thread has begun to wait. */
  private static long waits(Thread thread) {
    var info = ManagementFactory.getThreadMXBean().getThreadInfo(thread.getId());
    assertNotNull(info, () -> thread + " has ended");
    return info.getWaitedCount();
  }
}
