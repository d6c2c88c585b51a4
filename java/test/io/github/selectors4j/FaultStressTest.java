package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;

/** Random system calls fail during random work, and a selector does what it says all the same. */
@Tag(Interposed.ONLY)
class FaultStressTest {
  private static final int STEPS = 60;
  private static final int FAULTS = 3;
  private static final int FEWEST_FAILED = 11;

  /** How much longer a busy machine may take for them. */
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  /** That an epoll set lacks what is in it, or that an open descriptor is closed. */
  private static boolean isLie(String call, String errno) {
    return (call.equals("epoll_ctl(MOD)") && !errno.equals("ENOMEM"))
        || (call.equals("pselect") && errno.equals("EBADF"));
  }

  @EveryMechanism
  void aSelectorSurvivesRandomFaults(Mechanism mechanism) throws Exception {
    List<Integer> before = Interposed.owned();
    long seed = Long.getLong("selectors4j.test.seed", System.nanoTime());
    long first = seed;
    long failed = 0;
    long end = LongTests.end();
    for (long latest = end + PATIENCE_NANOS;
        System.nanoTime() - (failed < FEWEST_FAILED ? latest : end) < 0;
        seed++) {
      NanosWaits.retry();
      Interposed.reset();
      try (Turmoil turmoil = new Turmoil(mechanism, new Random(seed))) {
        turmoil.run();
        failed += turmoil.failed;
      } catch (Throwable t) {
        throw new AssertionError("-Dselectors4j.test.seed=" + seed, t);
      }
      Interposed.assertOwnsJust(before);
    }
    System.out.printf(
        "%s: %d selectors, %d random faults survived, first seed %d%n",
        mechanism, seed - first, failed, first);
    assertTrue(failed >= FEWEST_FAILED, "hardly anything failed");
  }

  /** A selector, some pipes, and what should be true of them. */
  private static final class Turmoil implements AutoCloseable {
    private final Random random;
    private final BaseSelector selector;
    private final List<TestPipe> pipes = new ArrayList<>();
    private final Set<TestPipe> readable = new HashSet<>();
    private final Set<TestPipe> registered = new HashSet<>();
    private boolean wakeup;
    private long failed;

    Turmoil(Mechanism mechanism, Random random) throws Exception {
      this.random = random;
      selector = mechanism.open();
      for (int i = 0; i < 6; i++) {
        pipes.add(TestPipe.open());
      }
    }

    void run() throws Exception {
      for (int i = 0; i < FAULTS; i++) {
        armAny();
      }
      for (int i = 0; i < STEPS; i++) {
        step(pipes.get(random.nextInt(pipes.size())));
        Set<Integer> numbers = new TreeSet<>();
        registered.forEach(pipe -> numbers.add(pipe.source));
        assertEquals(numbers, selector.getMap().keySet());
      }
      failed = Interposed.failed();
      Interposed.reset();
      select(0);
      wakeup = false;
      select(3_000_000);
    }

    private void armAny() {
      List<String> calls = FaultScenario.allCalls(selector.mechanism());
      String call = calls.get(random.nextInt(calls.size()));
      List<String> errors = SystemCallErrors.OF.get(call);
      String errno = errors.get(random.nextInt(errors.size()));
      if (!isLie(call, errno)) {
        Interposed.fail(call, errno, random.nextInt(20), 1 + random.nextInt(3));
      }
    }

    private void step(TestPipe pipe) throws Exception {
      switch (random.nextInt(8)) {
        case 0, 1 -> toggle(pipe);
        case 2 -> change(pipe);
        case 3 -> {
          if (readable.remove(pipe)) {
            pipe.read();
          } else {
            readable.add(pipe);
            pipe.write();
          }
        }
        case 4 -> wakeup |= succeeds(selector::wakeup);
        case 5 -> leaveStale(pipe);
        default -> select(random.nextInt(3) * 700_000L);
      }
    }

    private void toggle(TestPipe pipe) throws Exception {
      if (registered.remove(pipe)) {
        selector.unregister(pipe.source);
      } else if (succeeds(() -> selector.register(pipe.source, EVENT_READ))) {
        registered.add(pipe);
      }
    }

    private void change(TestPipe pipe) throws Exception {
      int events = random.nextBoolean() ? EVENT_READ : EVENT_READ | EVENT_WRITE;
      if (!registered.contains(pipe)) {
        assertThrows(
            NoSuchElementException.class, () -> selector.modify(pipe.source, events, random));
      } else if (!succeeds(() -> selector.modify(pipe.source, events))) {
        registered.remove(pipe);
      }
    }

    /** What an epoll set can't be rid of by number. */
    private void leaveStale(TestPipe pipe) throws Exception {
      int number = TestLibrary.check(TestLibrary.dup(pipe.source));
      boolean watched = succeeds(() -> selector.register(number, EVENT_READ));
      TestLibrary.check(TestLibrary.close(number));
      if (watched) {
        selector.unregister(number);
      }
    }

    private void select(long nanos) throws Exception {
      Set<TestPipe> expected = new HashSet<>(registered);
      expected.retainAll(readable);
      Set<Integer> numbers = new TreeSet<>();
      expected.forEach(pipe -> numbers.add(pipe.source));
      Set<Integer> found = new TreeSet<>();
      long start = System.nanoTime();
      if (succeeds(() -> selector.selectNanos(nanos, (key, events) -> found.add(key.fd())))) {
        assertEquals(numbers, found);
        assertTrue(wakeup || !found.isEmpty() || System.nanoTime() - start >= nanos, "it is early");
        wakeup = false; // A select that fails may leave it to the next one.
      }
    }

    private static boolean succeeds(Fault.Work work) throws Exception {
      try {
        work.run();
        return true;
      } catch (SystemCallException | UncheckedIOException e) {
        assertTrue(Interposed.failed() > 0, e::toString);
        return false;
      }
    }

    @Override
    public void close() {
      selector.close();
      pipes.forEach(TestPipe::close);
      assertThrows(ClosedSelectorException.class, selector::selectNow);
    }
  }
}
