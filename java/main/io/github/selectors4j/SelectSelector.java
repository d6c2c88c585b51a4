package io.github.selectors4j;

import io.github.selectors4j.internal.sets.SelectSet;
import java.io.IOException;

/**
 * A selector over select(2), without a limit of {@code FD_SETSIZE} where the system call has none.
 */
public final class SelectSelector extends BaseSelector {

  private SelectSelector() throws IOException {
    super(Mechanism.SELECT, SelectSet::new);
  }

  /**
   * Opens a selector.
   *
   * @return a new selector
   * @throws UnsupportedOperationException when the platform lacks select
   * @throws IOException when the system refuses, as for want of descriptors
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static SelectSelector open() throws IOException {
    return new SelectSelector();
  }
}
