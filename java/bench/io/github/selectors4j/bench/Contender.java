package io.github.selectors4j.bench;

import java.io.Closeable;
import java.io.IOException;

/** One way to do what a suite measures. */
public interface Contender extends Closeable {

  /** How a suite gets one. */
  @FunctionalInterface
  interface Opening {
    Contender open() throws Exception;
  }

  /**
   * Does its work that many times.
   *
   * @return the nanoseconds for all; negative when a result was wrong
   */
  long take(int turns) throws Exception;

  @Override
  default void close() throws IOException {}

  /** The time since {@code start}, or -1 when not all was found. */
  static long elapsed(long start, long found, long expected) {
    long elapsed = System.nanoTime() - start;
    return found == expected ? elapsed : -1;
  }
}
