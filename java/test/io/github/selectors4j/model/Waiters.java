package io.github.selectors4j.model;

import static io.github.selectors4j.BaseSelector.EVENT_READ;

import io.github.selectors4j.Awaiter;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.TestLibrary;
import io.github.selectors4j.ThreadKinds;
import io.github.selectors4j.model.AwaiterModel.Wait;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An awaiter and the threads that wait by it, beside its model: each does what the other does, and
 * all have to end in the same way.
 */
final class Waiters implements AutoCloseable {
  /** How long something may take that is about to happen. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final Duration BRIEFLY = Duration.ofNanos(100_000);
  private static final long PAUSE_NANOS = 10_000;

  private static final ThreadFactory KIND = kind();

  private final Awaiter awaiter;
  private final AwaiterModel model;

  /** By the identity of the wait. */
  private final Map<Integer, Running> running = new TreeMap<>();

  /** Always ready. */
  private final int ready = TestLibrary.check(TestLibrary.eventfd(1));

  Waiters(Mechanism mechanism, AwaiterModel model) throws IOException {
    this.model = model;
    awaiter = Awaiter.open(mechanism);
  }

  private static ThreadFactory kind() {
    try {
      List<ThreadFactory> kinds = ThreadKinds.all();
      return kinds.get(kinds.size() - 1);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /** A thread, and what has become of its await. */
  private final class Running {
    private final Wait wait;
    private final @Nullable Duration timeout;
    private final Thread thread = KIND.newThread(this::await);
    private volatile @Nullable String outcome;

    Running(Wait wait, @Nullable Duration timeout) {
      this.wait = wait;
      this.timeout = timeout;
    }

    private void await() {
      long start = System.nanoTime();
      String told = outcome(wait.slot(), wait.events(), timeout);
      boolean isShort = timeout != null && System.nanoTime() - start < timeout.toNanos();
      outcome = told.equals(AwaiterModel.TIME_IS_UP) && isShort ? "too early" : told;
    }
  }

  private String outcome(int slot, int events, @Nullable Duration timeout) {
    try {
      int found = awaiter.await(DescriptorTable.number(slot), events, timeout);
      return found == 0 ? AwaiterModel.TIME_IS_UP : Integer.toString(found);
    } catch (AsynchronousCloseException e) {
      return AwaiterModel.CANCELLED;
    } catch (ClosedSelectorException e) {
      return AwaiterModel.CLOSED;
    } catch (InterruptedException e) {
      return AwaiterModel.INTERRUPTED;
    } catch (UnsupportedOperationException e) {
      return AwaiterModel.UNSUPPORTED;
    } catch (SystemCallException e) {
      return e.errno() == TestLibrary.EBADF ? AwaiterModel.REFUSED : e.toString();
    } catch (IOException | RuntimeException e) {
      return e.toString();
    }
  }

  AwaiterModel model() {
    return model;
  }

  /** Another thread begins to wait, and does, or is done. */
  void await(int id, int slot, int events) {
    if (!model.isLeft(slot, events)) {
      start(new Wait(id, slot, events), null);
    }
  }

  /** The same for a short time. */
  void awaitBriefly(int id, int slot, int events) {
    if (model.isLeft(slot, events)) {
      return;
    }
    Wait wait = new Wait(id, slot, events);
    start(wait, BRIEFLY);
    model.timeIsUp(wait);
  }

  private void start(Wait wait, @Nullable Duration timeout) {
    Running started = new Running(wait, timeout);
    running.put(wait.id(), started);
    started.thread.start();
    model.await(wait);
    awaitCondition(
        wait + " waits",
        () -> LockSupport.getBlocker(started.thread) != null || started.outcome != null);
  }

  void look(int slot, int events) {
    agree("a look at slot " + slot, model.look(slot, events), outcome(slot, events, Duration.ZERO));
  }

  void cancel(int slot) {
    int expected = model.cancel(slot);
    int count = awaiter.cancel(DescriptorTable.number(slot));
    agree("how many are cancelled", expected, count);
  }

  /** Interrupts one of those who wait, if there is one. */
  void interrupt(int which) {
    List<Wait> waits = model.waits();
    if (!waits.isEmpty()) {
      Wait wait = waits.get(which % waits.size());
      model.giveUp(wait, AwaiterModel.INTERRUPTED);
      running.get(wait.id()).thread.interrupt();
    }
  }

  void renamed(int slot) {
    model.renamed(slot);
    settle();
  }

  /**
   * Has the mechanism asked anew, which may be asking of a file still that is closed. What is found
   * with what is ready now has been reported then, or is about to be; after a second time it has.
   */
  private void settle() {
    try {
      agree("what is ready", EVENT_READ, awaiter.await(ready, EVENT_READ));
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Has all told what is ready, by the mechanism and in the model. */
  void advance() {
    settle();
    settle();
    model.advance();
  }

  /** Asserts that those wait who do in the model, and that the others were told what it has. */
  void compare() {
    advance();
    compareEnded();
    for (Running one : running.values()) {
      if (one.outcome != null) {
        throw disagreement("the end of " + one.wait, "none", one.outcome);
      }
    }
  }

  private void compareEnded() {
    model
        .takeEnded()
        .forEach(
            (id, expected) -> {
              Running one = running.remove(id);
              awaitCondition(one.wait + " ends: " + expected, () -> one.outcome != null);
              if (!expected.contains(one.outcome)) {
                throw disagreement("the end of " + one.wait, expected, one.outcome);
              }
            });
  }

  private void awaitCondition(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw disagreement("whether " + what, true, false);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void agree(String what, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw disagreement(what, expected, actual);
    }
  }

  private Disagreement disagreement(String what, Object expected, Object actual) {
    return new Disagreement(
        awaiter + ": " + what + ": the model has " + expected + ", but it is " + actual);
  }

  /** Ends all who wait, which is compared unless something else was wrong before. */
  void closeAndCompare() {
    model.close();
    awaiter.close();
    compareEnded();
  }

  @Override
  public void close() {
    awaiter.close();
    for (Running one : running.values()) {
      awaitCondition(one.wait + " ends with the awaiter", () -> one.outcome != null);
    }
    running.clear();
    TestLibrary.close(ready);
  }
}
