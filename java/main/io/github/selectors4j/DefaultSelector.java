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
 *
 * <p>It takes whatever any mechanism here takes: what the best one refuses, as epoll does a regular
 * file, a folder or {@code /dev/null}, and kqueue some devices, is left to poll or select, in the
 * same select; so are events that the best one lacks, if for one file object poll or select has
 * them all. A file that is always ready is reported at every turn, beside the others. What {@link
 * Mechanism#open()} of the best one returns refuses as that one does.
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
    return Mechanism.openBest();
  }
}
