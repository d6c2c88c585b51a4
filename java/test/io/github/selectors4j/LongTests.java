package io.github.selectors4j;

import java.util.concurrent.TimeUnit;

/** How long the tests go on that could do so for ever. */
final class LongTests {
  /** The system property of the seconds; the default is for every change. */
  private static final String SECONDS = "selectors4j.test.seconds";

  private LongTests() {}

  /** When a test that begins now is to end, as {@code System.nanoTime()}. */
  static long end() {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(Integer.getInteger(SECONDS, 4));
  }
}
