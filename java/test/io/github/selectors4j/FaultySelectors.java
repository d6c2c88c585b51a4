package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.DescriptorLeakCheck.openDescriptors;
import static io.github.selectors4j.Elapsed.assertStillWorks;
import static io.github.selectors4j.Elapsed.assertWaitsOut;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** The scripts of {@link FaultScenario} for selectors. */
final class FaultySelectors {
  private static final ReadyHandler NONE_EXPECTED =
      (key, events) -> {
        throw new AssertionError(key + " is reported");
      };

  private static final Duration LONG = Duration.ofSeconds(30);

  private FaultySelectors() {}

  static void open(Mechanism mechanism, Fault fault) throws Exception {
    fault.arm();
    fault.attempt(mechanism::open).close();
    fault.disarm();
    try (BaseSelector selector = mechanism.open()) {
      assertStillWorks(selector);
    }
  }

  /** What is not taken out of the set for all that must not be reported, nor spin. */
  static void change(Mechanism mechanism, Fault fault) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable();
        TestPipe other = TestPipe.readable()) {
      fault.arm();
      fault.attempt(() -> selector.register(other.source, EVENT_READ));
      selector.unregister(other.source);
      fault.attempt(() -> selector.register(pipe.source, EVENT_READ));
      for (int events : new int[] {EVENT_READ | EVENT_WRITE, EVENT_WRITE}) {
        if (fault.fails(() -> selector.modify(pipe.source, events))) {
          assertThrows(NoSuchElementException.class, () -> selector.getKey(pipe.source));
          selector.register(pipe.source, events);
        }
      }
      selector.unregister(pipe.source);
      fault.disarm();
      assertTrue(selector.getMap().isEmpty());
      assertWaitsOut(selector);
      assertIdle(selector);
      assertStillWorks(selector);
    }
  }

  static void watchAProcess(Mechanism mechanism, Fault fault) throws Exception {
    watchProcesses(mechanism, fault, Process::getInputStream);
  }

  static void watchAnEnd(Mechanism mechanism, Fault fault) throws Exception {
    watchProcesses(mechanism, fault, process -> process);
  }

  private static void watchProcesses(
      Mechanism mechanism, Fault fault, Function<Process, Object> fileobjOf) throws Exception {
    Process running = new ProcessBuilder("cat").start();
    try (BaseSelector selector = mechanism.open()) {
      Process ended = drained();
      fault.arm();
      for (Process process : List.of(running, ended)) {
        Object fileobj = fileobjOf.apply(process);
        assertNotNull(fault.attempt(() -> selector.register(fileobj, EVENT_READ)));
        assertEquals(process == ended ? 1 : 0, selector.selectNow().size());
        selector.unregister(fileobj);
      }
      fault.disarm();
      assertWaitsOut(selector);
      assertStillWorks(selector);
    } finally {
      running.destroy();
      running.waitFor();
    }
  }

  /** While the child lives, once the JDK has closed its input, and registered after that. */
  static void watchAnInput(Mechanism mechanism, Fault fault) throws Exception {
    Map<Integer, String> before = openDescriptors();
    try (BaseSelector selector = mechanism.open()) {
      Process child = new ProcessBuilder("cat").start();
      OutputStream input = child.getOutputStream();
      fault.arm();
      for (int times = 0; times < 2; times++) {
        SelectorKey key = fault.attempt(() -> selector.register(input, EVENT_WRITE));
        List<ReadyKey> expected = List.of(new ReadyKey(key, EVENT_WRITE));
        assertEquals(expected, fault.attempt(selector::selectNow));
        child.destroyForcibly().waitFor();
        ChildTestCase.awaitClosed(input);
        assertEquals(expected, fault.attempt(() -> selector.select(LONG)));
        selector.unregister(input);
      }
      fault.disarm();
      assertWaitsOut(selector);
      assertIdle(selector);
      assertStillWorks(selector);
    }
    ProcessStreamsTest.awaitDescriptors(before);
  }

  static void changeNothing(Mechanism mechanism, Fault fault) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable()) {
      selector.register(pipe.source, EVENT_READ);
      fault.arm();
      for (int times = 0; times < 2; times++) {
        if (fault.fails(() -> selector.modify(pipe.source, EVENT_READ))) {
          assertThrows(NoSuchElementException.class, () -> selector.getKey(pipe.source));
          selector.register(pipe.source, EVENT_READ);
        }
        assertEquals(1, selector.selectNow().size());
      }
      selector.unregister(pipe.source);
      fault.disarm();
      assertWaitsOut(selector);
      assertIdle(selector);
      assertStillWorks(selector);
    }
  }

  /** A process that has ended, and whose streams the JDK has closed. */
  private static Process drained() throws Exception {
    Map<Integer, String> before = openDescriptors();
    Process process = new ProcessBuilder("true").start();
    ProcessStreamsTest.awaitDescriptors(before);
    return process;
  }

  static void await(Mechanism mechanism, Fault fault) throws Exception {
    NanosWaits.retry();
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      SelectorKey key = selector.register(pipe.source, EVENT_READ);
      fault.arm();
      for (Duration timeout : List.of(Duration.ofMillis(2), Duration.ofNanos(1_500_000))) {
        Elapsed elapsed = Elapsed.start();
        assertEquals(0, fault.attempt(() -> selector.select(timeout, NONE_EXPECTED)));
        elapsed.assertLasted(timeout);
      }
      pipe.write();
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), fault.attempt(() -> selector.select()));
      fault.disarm();
      assertStillWorks(selector);
    }
  }

  /**
   * A wake-up that could not be given, or not be taken back, is neither lost nor given for ever.
   */
  static void wakeUp(Mechanism mechanism, Fault fault) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      fault.arm();
      for (int round = 0; round < 2; round++) {
        fault.attempt(selector::wakeup);
        assertEquals(List.of(), fault.attempt(() -> selector.select()));
      }
      fault.disarm();
      assertWaitsOut(selector);
      assertIdle(selector);
      assertStillWorks(selector);
    }
  }

  static void wakeUpASelect(Mechanism mechanism, Fault fault) throws Exception {
    endASelect(mechanism, fault, (selector, thread) -> selector.wakeup());
  }

  static void interruptASelect(Mechanism mechanism, Fault fault) throws Exception {
    endASelect(mechanism, fault, (selector, thread) -> thread.interrupt());
  }

  static void changeDuringASelect(Mechanism mechanism, Fault fault) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable();
        var blocked = SelectThread.startBlocked(() -> fault.attempt(() -> selector.select()))) {
      fault.arm();
      SelectorKey key = fault.attempt(() -> selector.register(pipe.source, EVENT_READ));
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), blocked.result());
      fault.disarm();
      selector.unregister(pipe.source);
      assertWaitsOut(selector);
      assertStillWorks(selector);
    }
  }

  /** When the close can't end the select, it says so; whatever ends that then completes it. */
  static void closeDuringASelect(Mechanism mechanism, Fault fault) throws Exception {
    try (BaseSelector selector = mechanism.open();
        var blocked =
            SelectThread.startBlocked(
                () ->
                    fault.fails(
                        () -> {
                          try {
                            selector.select();
                          } catch (ClosedSelectorException expected) {
                            assertFalse(selector.isOpen());
                          }
                        }))) {
      fault.arm();
      if (fault.fails(selector::close)) {
        blocked.thread().interrupt();
      }
      blocked.result();
      fault.disarm();
      assertThrows(ClosedSelectorException.class, selector::select);
    }
  }

  /** Selects, and then closes, in another thread than the one that has selected. */
  static void takeOver(Mechanism mechanism, Fault fault) throws Exception {
    fault.arm();
    try (BaseSelector selector = mechanism.open();
        var first = SelectThread.start(selector::selectNow);
        var second =
            SelectThread.start(
                () -> {
                  first.result();
                  return selector.selectNow();
                })) {
      assertEquals(List.of(), second.result());
    } finally {
      fault.disarm();
    }
  }

  /**
   * A set that holds a file that can't be removed is replaced, at the next attempt if not at this
   * one, with every registration.
   */
  static void replaceASet(Mechanism mechanism, Fault fault) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe kept = TestPipe.readable();
        TestPipe first = TestPipe.open();
        TestPipe second = TestPipe.open()) {
      SelectorKey firstKey = selector.register(first.source, EVENT_READ);
      SelectorKey secondKey = selector.register(second.source, EVENT_READ);
      int number = TestLibrary.check(TestLibrary.dup(kept.source));
      selector.register(number, EVENT_READ);
      TestLibrary.check(TestLibrary.close(number));
      selector.unregister(number);
      fault.arm();
      assertWaitsOut(selector);
      fault.disarm();
      assertIdle(selector);
      if (fault.deniesAnEntry()) {
        selector.unregister(first.source);
        selector.unregister(second.source);
        firstKey = selector.register(first.source, EVENT_READ);
        secondKey = selector.register(second.source, EVENT_READ);
      }
      first.write();
      assertEquals(List.of(new ReadyKey(firstKey, EVENT_READ)), selector.select());
      second.write();
      first.read();
      assertEquals(List.of(new ReadyKey(secondKey, EVENT_READ)), selector.select());
      assertStillWorks(selector);
    }
  }

  /** A key is asked for by poll and by epoll in turn; where that fails, the other one goes on. */
  static void adapt(Mechanism mechanism, Fault fault) throws Exception {
    try (BaseSelector selector = AdaptiveEpollTest.openWith("eager", mechanism::open);
        TestPipe pipe = TestPipe.readable()) {
      SelectorKey key = selector.register(pipe.source, EVENT_READ);
      List<ReadyKey> ready = List.of(new ReadyKey(key, EVENT_READ));
      fault.arm();
      for (int i = 0; i < 3; i++) {
        assertEquals(ready, selector.selectNow());
      }
      pipe.read();
      assertEquals(List.of(), selector.selectNow());
      assertWaitsOut(selector);
      fault.disarm();
      assertWaitsOut(selector);
      assertIdle(selector);
      if (fault.deniesAnEntry()) {
        selector.unregister(pipe.source);
        key = selector.register(pipe.source, EVENT_READ);
      }
      pipe.write();
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select());
      assertStillWorks(selector);
    }
  }

  /** What another thread does to end a select. */
  private interface End {
    void of(BaseSelector selector, Thread thread) throws Exception;
  }

  private static void endASelect(Mechanism mechanism, Fault fault, End end) throws Exception {
    try (BaseSelector selector = mechanism.open();
        var blocked = SelectThread.startBlocked(() -> fault.attempt(() -> selector.select()))) {
      fault.arm();
      if (fault.fails(() -> end.of(selector, blocked.thread()))) {
        end.of(selector, blocked.thread());
      }
      assertEquals(List.of(), blocked.result());
      // A select that saw the end before its reason leaves that to the next one.
      assertEquals(List.of(), fault.attempt(selector::selectNow));
      fault.disarm();
      assertWaitsOut(selector);
      assertIdle(selector);
      assertStillWorks(selector);
    }
  }

  /** Waits with no more system calls than that takes. */
  private static void assertIdle(BaseSelector selector) throws Exception {
    Interposed.reset();
    assertWaitsOut(selector);
    long waits =
        FaultScenario.waits(selector.mechanism()).stream().mapToLong(Interposed::count).sum();
    assertTrue(waits <= 3, () -> waits + " waits for one timeout");
  }
}
