package io.github.selectors4j;

import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.sets.PollSet;
import java.io.IOException;

/**
 * A selector over poll(2). It takes regular files, too, which are always ready:
 *
 * <pre>{@code
 * selector.register(file, EVENT_READ); // epoll would refuse a regular file
 * List<ReadyKey> ready = selector.select(); // returns at once: it is always ready
 * }</pre>
 *
 * <p>The time of a select grows with the number of registered descriptors, ready or not.
 */
public final class PollSelector extends BaseSelector {

  private PollSelector(SelectLoop loop) throws IOException {
    super(loop, new PollSet(loop), null);
  }

  /**
   * Opens a selector.
   *
   * @return a new selector, with nothing registered
   * @throws UnsupportedOperationException when the platform lacks poll
   * @throws IOException when the system refuses, for want of descriptors for example
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static PollSelector open() throws IOException {
    return new PollSelector(new SelectLoop());
  }

  /** The same, which refuses nothing; for {@link Mechanism#open(boolean)}. */
  static BaseSelector open(boolean isDefault) throws IOException {
    return open();
  }
}
