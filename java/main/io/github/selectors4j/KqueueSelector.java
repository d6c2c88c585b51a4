package io.github.selectors4j;

import io.github.selectors4j.internal.fileobject.OwnFileno;
import io.github.selectors4j.internal.sets.KqueueSet;
import java.io.IOException;

/**
 * A selector over kqueue(2), on macOS and the BSDs. {@link #fileno()} is readable when it has ready
 * keys. A regular file is reported for reading unless it is read to its end.
 */
public final class KqueueSelector extends BaseSelector implements HasFileno, OwnFileno {

  private KqueueSelector() throws IOException {
    super(Mechanism.KQUEUE, KqueueSet::new);
  }

  /**
   * Opens a selector.
   *
   * @return a new selector
   * @throws UnsupportedOperationException when the platform lacks kqueue
   * @throws IOException when the system refuses, as for want of descriptors
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static KqueueSelector open() throws IOException {
    return new KqueueSelector();
  }

  /**
   * The queue's own descriptor, to be watched by others. It stays the selector's to close.
   *
   * @return the descriptor
   * @throws java.nio.channels.ClosedSelectorException when the selector is closed
   */
  @Override
  public int fileno() {
    return loop.fileno();
  }
}
