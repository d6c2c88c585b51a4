package io.github.selectors4j;

import java.io.IOException;

/** Opens the best selector that works here: Python's {@code selectors.DefaultSelector}. */
public final class DefaultSelector {

  private DefaultSelector() {}

  /**
   * Opens a selector that uses {@link Mechanism#best()}.
   *
   * @return a new selector
   * @throws IllegalArgumentException when the property {@code selectors4j.mechanism} names no
   *     mechanism
   * @throws UnsupportedOperationException when it names one that the platform lacks
   * @throws IOException when the system refuses, as for want of descriptors
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static BaseSelector open() throws IOException {
    return Mechanism.best().open();
  }
}
