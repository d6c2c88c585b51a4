package io.github.selectors4j;

import java.io.IOException;

/**
 * Opens the best selector that works here: Python's {@code selectors.DefaultSelector}.
 *
 * <pre>{@code
 * try (BaseSelector selector = DefaultSelector.open()) {
 *   selector.register(pipe.source(), EVENT_READ);
 *   selector.select(Duration.ofMillis(500), (key, events) -> pipe.source().read(buffer));
 * }
 * }</pre>
 */
public final class DefaultSelector {

  private DefaultSelector() {}

  /**
   * Opens a selector that uses {@link Mechanism#best()}. Any thread may call this.
   *
   * @return a new selector, with nothing registered
   * @throws IllegalArgumentException when the property {@code selectors4j.mechanism} names no
   *     mechanism
   * @throws UnsupportedOperationException when it names one that the platform lacks
   * @throws IOException when the system refuses, for want of descriptors for example
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static BaseSelector open() throws IOException {
    return Mechanism.best().open();
  }
}
