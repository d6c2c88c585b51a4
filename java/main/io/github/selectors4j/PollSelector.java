package io.github.selectors4j;

import io.github.selectors4j.internal.sets.PollSet;
import java.io.IOException;

/** A selector over poll(2). It takes regular files, too, which are always ready. */
public final class PollSelector extends BaseSelector {

  private PollSelector() throws IOException {
    super(Mechanism.POLL, PollSet::new);
  }

  /**
   * Opens a selector.
   *
   * @return a new selector
   * @throws UnsupportedOperationException when the platform lacks poll
   * @throws IOException when the system refuses, as for want of descriptors
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static PollSelector open() throws IOException {
    return new PollSelector();
  }
}
