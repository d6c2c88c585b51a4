package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.internal.selecting.CountedWaits;
import java.io.IOException;
import java.time.Duration;

/** A stretch of time that has to be at least what it should be, and not far beyond it. */
public final class Elapsed {
  /** How late a busy machine may be. */
  private static final Duration SLACK = Duration.ofSeconds(10);

  private final long start = System.nanoTime();

  private Elapsed() {}

  /** Starts to measure. */
  public static Elapsed start() {
    return new Elapsed();
  }

  /** Never a nanosecond too early, and late by no more than a busy machine is. */
  public void assertLasted(Duration timeout) {
    long elapsed = System.nanoTime() - start;
    assertTrue(elapsed >= timeout.toNanos(), () -> elapsed + " ns is short of " + timeout);
    assertTrue(
        elapsed - timeout.toNanos() < SLACK.toNanos(),
        () -> elapsed + " ns is far beyond " + timeout);
  }

  /** Within a time that allows for a busy machine already. */
  public void assertWithin(Duration limit) {
    long elapsed = System.nanoTime() - start;
    assertTrue(elapsed < limit.toNanos(), () -> elapsed + " ns is beyond " + limit);
  }

  /** At once, as far as a busy machine can. */
  public void assertPrompt() {
    assertLasted(Duration.ZERO);
  }

  /** Asserts that nothing ends the next select but its timeout. */
  public static void assertWaitsOut(BaseSelector selector) throws IOException {
    assertWaitsOut(selector, Duration.ofMillis(20));
  }

  private static void assertWaitsOut(BaseSelector selector, Duration timeout) throws IOException {
    Elapsed elapsed = start();
    assertEquals(0, selector.select(timeout, (key, events) -> {}));
    elapsed.assertLasted(timeout);
  }

  /**
   * Asserts that the next select does not spin until its timeout either. This counts, as processor
   * time depends on what else the machine does: who spins gets little of a busy one, and who does
   * not spends some on a fault of a page.
   */
  static void assertIdle(BaseSelector selector) throws IOException {
    assertIdle(selector, 3);
  }

  /** The same of one that may wait so many times in 100 ms. */
  static void assertIdle(BaseSelector selector, int mostWaits) throws IOException {
    try (CountedWaits waits = new CountedWaits(selector.loop)) {
      assertWaitsOut(selector, Duration.ofMillis(100));
      assertTrue(waits.count() <= mostWaits, () -> waits.count() + " waits for one timeout");
    }
  }

  /** Asserts that the selector still does its work: registers, waits, reports, forgets. */
  public static void assertStillWorks(BaseSelector selector) throws IOException {
    try (TestPipe pipe = TestPipe.readable()) {
      SelectorKey key = selector.register(pipe.source, BaseSelector.EVENT_READ);
      assertTrue(
          selector.selectNow().contains(new ReadyKey(key, BaseSelector.EVENT_READ)),
          "a readable pipe is not reported");
      assertEquals(key, selector.unregister(pipe.source));
    }
  }
}
