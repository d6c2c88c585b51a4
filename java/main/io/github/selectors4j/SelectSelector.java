package io.github.selectors4j;

import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.sets.SelectOrPollSet;
import io.github.selectors4j.internal.sets.SelectSet;
import java.io.IOException;

/**
 * A selector over select(2), without a limit of {@code FD_SETSIZE} where the system call has none:
 * on Linux, macOS, the BSDs and Windows.
 *
 * <pre>{@code
 * try (SelectSelector selector = SelectSelector.open()) {
 *   selector.register(pipe.source(), EVENT_READ);
 *   selector.register(pipe.sink(), EVENT_WRITE);
 *   selector.selectNow((key, events) -> handle(key));
 * }
 * }</pre>
 *
 * <p>The time of a select grows with the number of registered descriptors and, but for Windows,
 * with the highest of their numbers.
 */
public final class SelectSelector extends BaseSelector {

  private SelectSelector(SelectLoop loop, boolean isDefault) throws IOException {
    super(loop, isDefault ? new SelectOrPollSet(loop) : new SelectSet(loop), null);
  }

  /**
   * Opens a selector.
   *
   * @return a new selector, with nothing registered
   * @throws UnsupportedOperationException when the platform lacks select
   * @throws IOException when the system refuses, for want of descriptors for example
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static SelectSelector open() throws IOException {
    return new SelectSelector(new SelectLoop(), false);
  }

  /** The same, or the one of {@link DefaultSelector}, for {@link Mechanism#open(boolean)}. */
  static BaseSelector open(boolean isDefault) throws IOException {
    return new SelectSelector(new SelectLoop(), isDefault);
  }
}
