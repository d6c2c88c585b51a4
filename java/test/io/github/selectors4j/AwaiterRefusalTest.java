package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_HANGUP;
import static io.github.selectors4j.BaseSelector.EVENT_PRIORITY;
import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.Errno;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an awaiter refuses, and what it says then. */
@Timeout(60)
class AwaiterRefusalTest extends DescriptorTestCase {

  private static final Duration SHORT = Duration.ofMillis(20);

  private Awaiter open(Mechanism mechanism) throws IOException {
    return addCleanup(Awaiter.open(mechanism));
  }

  @EveryMechanism
  void refusesWhatSelectorsRefuse(Mechanism mechanism) throws Exception {
    Awaiter awaiter = open(mechanism);
    TestPipe pipe = addCleanup(TestPipe.open());
    for (Duration timeout : new Duration[] {null, Duration.ZERO, SHORT}) {
      assertRefused(
          NullPointerException.class, () -> awaiter.await(null, EVENT_READ, timeout), "fileobj");
      for (int events : new int[] {0, 16, -1, EVENT_READ | 32}) {
        assertRefused(
            IllegalArgumentException.class,
            () -> awaiter.await(pipe.source, events, timeout),
            events,
            pipe.source);
      }
      for (Object none : List.of(-1, Integer.MIN_VALUE, "text", Path.of("file"))) {
        assertRefused(
            IllegalArgumentException.class, () -> awaiter.await(none, EVENT_READ, timeout), none);
      }
      for (int closed : new int[] {makeBadFd(), Integer.MAX_VALUE}) {
        SystemCallException refusal =
            assertRefused(
                SystemCallException.class,
                () -> awaiter.await(closed, EVENT_READ, timeout),
                closed);
        assertEquals("EBADF", refusal.errnoName());
      }
    }
    BaseSelector selector = mechanism.open();
    selector.close();
    assertRefused(
        IllegalArgumentException.class, () -> awaiter.await(selector, EVENT_READ), selector);
    assertRefused(NullPointerException.class, () -> awaiter.cancel(null), "fileobj");
    assertRefused(NullPointerException.class, () -> Awaiter.open(null), "mechanism");
  }

  @EveryMechanism
  void refusesWhatIsOpenForAPathAlone(Mechanism mechanism) throws Exception {
    Awaiter awaiter = open(mechanism);
    int path = TestLibrary.check(TestLibrary.open("/", TestLibrary.O_PATH));
    TestDescriptor object = addCleanup(new TestDescriptor(path));
    for (Duration timeout : new Duration[] {null, Duration.ZERO}) {
      assertRefused(
          SystemCallException.class,
          () -> awaiter.await(object, EVENT_READ, timeout),
          "O_PATH",
          object);
    }
  }

  @EveryMechanism
  void refusesEventsThatNoMechanismHas(Mechanism mechanism) throws Exception {
    Awaiter awaiter = open(mechanism);
    TestDescriptor.Pair pair = makeSocketPair();
    for (int events : new int[] {EVENT_PRIORITY, EVENT_HANGUP}) {
      if (canAwait(mechanism, events)) {
        assertEquals(0, awaiter.await(pair.rd(), events, Duration.ofMillis(1)));
        continue;
      }
      for (Duration timeout : new Duration[] {null, Duration.ZERO, SHORT}) {
        for (int asked : new int[] {events, events | EVENT_READ}) {
          assertRefused(
              UnsupportedOperationException.class,
              () -> awaiter.await(pair.rd(), asked, timeout),
              mechanism,
              events == EVENT_HANGUP ? "EVENT_HANGUP" : "EVENT_PRIORITY",
              pair.rd());
        }
      }
    }
  }

  /** kqueue leaves to select what it has no filter for. */
  private static boolean canAwait(Mechanism mechanism, int events) {
    return events == EVENT_PRIORITY || mechanism != Mechanism.SELECT;
  }

  @EveryMechanism
  void awaitsUrgentDataAndAHangup(Mechanism mechanism) throws Exception {
    Awaiter awaiter = open(mechanism);
    int[] ends = new int[2];
    TestLibrary.check(TestLibrary.tcpPair(ends));
    TestDescriptor reader = addCleanup(new TestDescriptor(ends[0]));
    TestDescriptor writer = addCleanup(new TestDescriptor(ends[1]));
    ThreadFactory kind = SelectThread::daemon;
    if (canAwait(mechanism, EVENT_PRIORITY)) {
      try (var waiting = AwaitThread.start(kind, awaiter, reader, EVENT_PRIORITY)) {
        writer.write("x");
        assertEquals(EVENT_READ, awaiter.await(reader, EVENT_READ));
        assertFalse(waiting.isDone());
        TestLibrary.check(TestLibrary.sendUrgent(writer.fileno()));
        assertEquals(EVENT_PRIORITY, waiting.result());
      }
    }
    if (canAwait(mechanism, EVENT_HANGUP)) {
      try (var waiting = AwaitThread.start(kind, awaiter, reader, EVENT_HANGUP)) {
        assertFalse(waiting.isDone());
        TestLibrary.check(TestLibrary.shutdown(writer.fileno(), TestLibrary.SHUT_WR));
        assertEquals(EVENT_HANGUP, waiting.result());
      }
    }
  }

  @Test
  void anAbsentMechanismIsRefused() {
    for (Mechanism mechanism : Mechanism.values()) {
      if (!mechanism.isAvailable()) {
        assertRefused(
            UnsupportedOperationException.class,
            () -> Awaiter.open(mechanism),
            mechanism.name().toLowerCase(Locale.ROOT));
      }
    }
  }

  /** An entry that was made for a file that is gone does not take the number for open. */
  @EveryMechanism
  void refusesANumberThatWasAwaitedAndIsClosed(Mechanism mechanism) throws Exception {
    Awaiter awaiter = open(mechanism);
    TestDescriptor awaited = addCleanup(makePipe().rd().moveTo(TestPipe.UNUSED));
    assertEquals(0, awaiter.await(awaited, EVENT_READ, Duration.ofMillis(1)));
    HasFileno object = () -> TestPipe.UNUSED;
    awaited.close();
    SystemCallException refusal =
        assertRefused(
            SystemCallException.class,
            () -> awaiter.await(object, EVENT_READ),
            TestPipe.UNUSED,
            object);
    assertEquals("EBADF", refusal.errnoName());
  }

  /** A process that may open no more is told so, and nothing is left behind. */
  @EveryMechanism
  void withoutDescriptorsItSaysWhatToDo(Mechanism mechanism) throws Exception {
    Set<Thread> pollers = AwaitThread.pollers();
    open(mechanism).close();
    AwaitThread.awaitPollers(pollers); // who may release them later on a busy machine
    assertRefused(NullPointerException.class, () -> Awaiter.open(null), "mechanism"); // loads it
    Class.forName("io.github.selectors4j.internal.system.SystemCalls");
    try (ScarceDescriptors scarce = ScarceDescriptors.none()) {
      for (int spare = 0; spare < 2; spare++) {
        SystemCallException refusal =
            assertRefused(
                SystemCallException.class,
                () -> Awaiter.open(mechanism),
                "RLIMIT_NOFILE is ",
                "ulimit -n");
        assertEquals("EMFILE", refusal.errnoName());
        if (mechanism == Mechanism.POLL || mechanism == Mechanism.SELECT) {
          break; // It needs the wake-up's alone.
        }
        scarce.allow(1);
      }
    }
  }

  /** A sandbox may lower it once all is set up; whoever waits then is told. */
  @Test
  void aLimitBelowTheNumberOfWaitersIsNamed() throws Exception {
    Set<Thread> others = AwaitThread.pollers();
    Awaiter awaiter = open(Mechanism.POLL);
    Set<Thread> pollers = AwaitThread.pollers();
    pollers.removeAll(others);
    TestPipe ready = addCleanup(TestPipe.open());
    TestPipe readyBefore = addCleanup(TestPipe.readable());
    List<Integer> numbers = new ArrayList<>();
    List<SelectThread<Integer>> waiting = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      int number = addCleanup(TestPipe.open()).source;
      numbers.add(number);
      waiting.add(addCleanup(SelectThread.startParked(() -> awaiter.await(number, EVENT_READ))));
    }
    try (var first = SelectThread.startParked(() -> awaiter.await(ready.source, EVENT_READ))) {
      loadWhatAFailureMakesUseOf(awaiter);
      assertEquals(EVENT_READ, awaiter.await(readyBefore.source, EVENT_READ));
      Elapsed elapsed = Elapsed.start();
      while (!SelectThread.sleepsIn(pollers.iterator().next(), "waitMillis")) {
        elapsed.assertPrompt();
      }
      long limit = TestLibrary.getOpenFileLimit();
      TestLibrary.check(TestLibrary.setOpenFileLimit(30));
      try {
        ready.write();
        assertEquals(EVENT_READ, first.result());
        for (SelectThread<Integer> thread : waiting) {
          while (!thread.isDone()) {
            Thread.onSpinWait();
          }
        }
      } finally {
        TestLibrary.check(TestLibrary.setOpenFileLimit(limit));
      }
    }
    for (int i = 0; i < waiting.size(); i++) {
      SystemCallException refusal = (SystemCallException) waiting.get(i).failure();
      assertEquals("EINVAL", refusal.errnoName());
      for (String part :
          List.of(
              "poll(41 descriptors)",
              "fd " + numbers.get(i) + " was awaited",
              "RLIMIT_NOFILE is 30")) {
        assertTrue(refusal.getMessage().contains(part), refusal::getMessage);
      }
    }
    assertEquals(EVENT_READ, awaiter.await(ready.source, EVENT_READ), "it still works");
  }

  /** Room for as many reports as a process may open, or more, is what some systems refuse. */
  @EveryMechanism
  void worksUnderALimitBelowTheRoomForReports(Mechanism mechanism) throws Exception {
    ScarceDescriptors.loadAll();
    long limit = TestLibrary.getOpenFileLimit();
    for (long lowered : new long[] {limit, 30}) { // the first has all loaded that is made use of
      Awaiter awaiter = open(mechanism);
      TestPipe pipe = addCleanup(TestPipe.open());
      TestPipe other = addCleanup(TestPipe.open());
      TestPipe before = addCleanup(TestPipe.open());
      ThreadFactory kind = SelectThread::daemon;
      try (var first = AwaitThread.start(kind, awaiter, pipe.source, EVENT_READ);
          var second = AwaitThread.start(kind, awaiter, other.source, EVENT_READ);
          var third = AwaitThread.start(kind, awaiter, before.source, EVENT_READ)) {
        before.write();
        assertEquals(EVENT_READ, third.result()); // so that the others, too, are watched by now
        TestLibrary.check(TestLibrary.setOpenFileLimit(lowered));
        try {
          pipe.write();
          assertEquals(EVENT_READ, first.result());
          pipe.read();
          other.write();
          assertEquals(EVENT_READ, second.result());
        } finally {
          TestLibrary.check(TestLibrary.setOpenFileLimit(limit));
        }
      }
    }
  }

  /** Nothing can be opened meanwhile, class files neither. */
  private void loadWhatAFailureMakesUseOf(Awaiter awaiter) throws Exception {
    ScarceDescriptors.loadAll();
    refusesANumberThatWasAwaitedAndIsClosed(Mechanism.POLL);
    Errno.exception("poll", Errno.EINVAL, Descriptors.limitAdvice(Errno.EINVAL, 1 << 30));
    assertThrows(IllegalArgumentException.class, () -> awaiter.await(-1, EVENT_READ));
  }
}
