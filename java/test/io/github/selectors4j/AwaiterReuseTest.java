package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Numbers that are closed while they are awaited, and name other files then. */
@Timeout(60)
class AwaiterReuseTest extends DescriptorTestCase {

  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofSeconds(30);

  /** Those that tell files apart; elsewhere a number is a number. */
  private static final Set<Mechanism> KNOW_FILES = Set.of(Mechanism.EPOLL, Mechanism.KQUEUE);

  private Awaiter open(Mechanism mechanism) throws IOException {
    return addCleanup(Awaiter.open(mechanism));
  }

  @EveryMechanismAndThread
  void whatIsClosedIsWaitedForUntilTheTimeIsUp(Mechanism mechanism, ThreadFactory kind)
      throws Throwable {
    Awaiter awaiter = open(mechanism);
    TestPipe other = addCleanup(TestPipe.readable());
    Duration timeout = SHORT;
    boolean isClosedMeanwhile = false;
    while (!isClosedMeanwhile) {
      TestPipe pipe = addCleanup(TestPipe.openAt(TestPipe.UNUSED));
      isClosedMeanwhile =
          outlasts(
              () -> {
                pipe.closeSource();
                // Ends the wait in progress of who has to be told of it.
                assertEquals(EVENT_READ, awaiter.await(other.source, EVENT_READ));
              },
              kind,
              awaiter,
              pipe.source,
              timeout);
      timeout = timeout.multipliedBy(3);
    }
  }

  /** Whether an await that waits until the time is up goes on during something else. */
  private static boolean outlasts(
      Executable event, ThreadFactory kind, Awaiter awaiter, int fd, Duration timeout)
      throws Throwable {
    try (var timed =
        SelectThread.start(
            kind,
            () -> {
              Elapsed elapsed = Elapsed.start();
              assertEquals(0, awaiter.await(fd, EVENT_READ, timeout));
              elapsed.assertLasted(timeout);
              return null;
            })) {
      while (LockSupport.getBlocker(timed.thread()) == null && !timed.isDone()) {
        Thread.yield();
      }
      event.execute();
      boolean isWaiting = !timed.isDone();
      timed.result();
      return isWaiting;
    }
  }

  /** As epoll and kqueue have it; elsewhere a number is a number. */
  @EveryMechanismAndThread
  void whatIsClosedIsNotReportedForAnotherFile(Mechanism mechanism, ThreadFactory kind)
      throws Throwable {
    if (!KNOW_FILES.contains(mechanism)) {
      return;
    }
    Awaiter awaiter = open(mechanism);
    Duration timeout = SHORT;
    while (!isNotReportedForAnother(awaiter, kind, timeout)) {
      timeout = timeout.multipliedBy(3);
    }
  }

  private static boolean isNotReportedForAnother(
      Awaiter awaiter, ThreadFactory kind, Duration timeout) throws Throwable {
    TestPipe old = TestPipe.openAt(TestPipe.UNUSED);
    int kept = TestLibrary.check(TestLibrary.dup(old.source));
    TestPipe[] opened = new TestPipe[1];
    try (old;
        var waiting = AwaitThread.start(kind, awaiter, old.source, EVENT_READ)) {
      boolean isOutlasted =
          outlasts(
              () -> {
                old.closeSource();
                opened[0] = TestPipe.openAt(TestPipe.UNUSED);
                opened[0].write();
              },
              kind,
              awaiter,
              old.source,
              timeout);
      try (TestPipe other = opened[0]) {
        assertFalse(waiting.isDone());
        assertEquals(EVENT_READ, awaiter.await(other.source, EVENT_READ, LONG));
        assertSame(AsynchronousCloseException.class, waiting.failure());
        other.read();
        // The old file's readiness is nobody's any more.
        old.write();
        assertEquals(0, awaiter.await(other.source, EVENT_READ, SHORT));
        other.write();
        assertEquals(EVENT_READ, awaiter.await(other.source, EVENT_READ));
      }
      return isOutlasted;
    } finally {
      TestLibrary.check(TestLibrary.close(kept));
    }
  }

  /** An object that is provably closed has no claim on its number, whatever the mechanism. */
  @EveryMechanismAndThread
  void whatIsClosedMakesWay(Mechanism mechanism, ThreadFactory kind) throws Exception {
    Awaiter awaiter = open(mechanism);
    TestDescriptor.Pair pair = makePipe();
    int kept = TestLibrary.check(TestLibrary.dup(pair.rd().fileno()));
    TestDescriptor first = addCleanup(pair.rd().moveTo(TestPipe.UNUSED));
    TestDescriptor.Pair next = makePipe();
    try (var waiting = AwaitThread.start(kind, awaiter, first, EVENT_READ)) {
      first.close();
      TestDescriptor second = next.rd().moveTo(TestPipe.UNUSED);
      try (var other = AwaitThread.start(kind, awaiter, second, EVENT_READ, LONG)) {
        assertSame(AsynchronousCloseException.class, waiting.failure());
        next.wr().write("x");
        assertEquals(EVENT_READ, other.result());
      }
    } finally {
      TestLibrary.check(TestLibrary.close(kept));
    }
    next.rd().close();
  }

  @EveryMechanism
  void aNumberIsAwaitedForOneFileAfterAnother(Mechanism mechanism) throws Exception {
    Awaiter awaiter = open(mechanism);
    for (int round = 0; round < 20; round++) {
      try (TestPipe pipe = TestPipe.openAt(TestPipe.UNUSED)) {
        assertEquals(0, awaiter.await(pipe.source, EVENT_READ, Duration.ofNanos(1)));
        pipe.write();
        assertEquals(EVENT_READ, awaiter.await(pipe.source, EVENT_READ, LONG));
      }
    }
  }

  /** A number that was refused may name a file that is not, and the other way round. */
  @EveryMechanism
  void aNumberMayCeaseToBeAlwaysReady(Mechanism mechanism) throws Exception {
    Awaiter awaiter = open(mechanism);
    for (int round = 0; round < 3; round++) {
      try (TestPipe pipe = TestPipe.openAt(TestPipe.UNUSED)) {
        assertEquals(0, awaiter.await(pipe.source, EVENT_READ, Duration.ofMillis(1)));
      }
      int device = TestLibrary.check(TestLibrary.open("/dev/null", TestLibrary.O_RDONLY));
      TestLibrary.check(TestLibrary.dup2(device, TestPipe.UNUSED));
      TestLibrary.check(TestLibrary.close(device));
      assertEquals(EVENT_READ, awaiter.await(TestPipe.UNUSED, EVENT_READ));
      TestLibrary.check(TestLibrary.close(TestPipe.UNUSED));
    }
  }
}
