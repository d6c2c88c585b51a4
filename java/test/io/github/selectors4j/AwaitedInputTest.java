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
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;

/** Threads that await children's inputs, of whose end nothing tells: one thread looks at all. */
@Timeout(60)
class AwaitedInputTest extends ChildTestCase {

  private static final Duration INTERVAL = Duration.ofMillis(50);
  private static final String LOOKING = "selectors4j-awaiter-inputs";

  @EveryMechanism
  void areLookedAtOnceAnIntervalForAll(Mechanism mechanism) throws Exception {
    try (Awaiter awaiter = Awaiter.open(mechanism)) {
      List<AwaitThread> waiting = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        OutputStream input = full().getOutputStream();
        waiting.add(
            addCleanup(AwaitThread.start(SelectThread::daemon, awaiter, input, EVENT_WRITE)));
      }
      List<Thread> looking = looking();
      assertEquals(1, looking.size());
      List<Object> before = waiting.stream().map(AwaitedInputTest::waits).toList();
      long looksBefore = waits(looking.get(0));
      Elapsed elapsed = Elapsed.start();
      Object blocker = LockSupport.getBlocker(looking.get(0));
      assertTrue(String.valueOf(blocker).contains("child"), () -> "parked for " + blocker);
      while (waits(looking.get(0)) < looksBefore + 4) {
        LockSupport.parkNanos(1_000_000);
      }
      // The first may have begun before.
      elapsed.assertLasted(INTERVAL.multipliedBy(3));
      assertEquals(before, waiting.stream().map(AwaitedInputTest::waits).toList());
      for (AwaitThread thread : waiting) {
        thread.close();
      }
      looking.get(0).join(LONG.toMillis());
      assertFalse(looking.get(0).isAlive(), "it looks though nobody waits");
    }
    assertEquals(List.of(), looking());
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
    Awaiter awaiter = addCleanup(Awaiter.open(mechanism));
    OutputStream input = full().getOutputStream();
    try (var waiting = AwaitThread.start(kind, awaiter, input, EVENT_WRITE)) {
      List<Thread> looking = looking();
      awaiter.close();
      assertEquals("ClosedSelectorException", waiting.failure().getSimpleName());
      looking.get(0).join(LONG.toMillis());
      assertFalse(looking.get(0).isAlive());
    }
  }

  private static List<Thread> looking() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(LOOKING))
        .toList();
  }

  private static Object waits(AwaitThread waiting) {
    return List.of(waits(waiting.thread()), LockSupport.getBlocker(waiting.thread()));
  }

  /** How often a thread has begun to wait. */
  private static long waits(Thread thread) {
    var info = ManagementFactory.getThreadMXBean().getThreadInfo(thread.getId());
    assertNotNull(info, () -> thread + " has ended");
    return info.getWaitedCount();
  }
}
