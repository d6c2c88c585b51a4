package io.github.selectors4j;

import io.github.selectors4j.internal.fileobject.OwnFileno;
import io.github.selectors4j.internal.sets.EpollSet;
import java.io.IOException;

/**
 * A selector over epoll(7), on Linux. {@link #fileno()} is readable when it has ready keys. It
 * keeps its number also when the selector replaces its set, which it does to be rid of events of a
 * file that a duplicate keeps open; who watches that descriptor must then watch it anew.
 */
public final class EpollSelector extends BaseSelector implements HasFileno, OwnFileno {

  private EpollSelector() throws IOException {
    super(Mechanism.EPOLL, EpollSet::new);
  }

  /**
   * Opens a selector.
   *
   * @return a new selector
   * @throws UnsupportedOperationException when the platform lacks epoll
   * @throws IOException when the system refuses, as for want of descriptors
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static EpollSelector open() throws IOException {
    return new EpollSelector();
  }

  /**
   * The epoll set's own descriptor, to be watched by others. It stays the selector's to close.
   *
   * @return the descriptor
   * @throws java.nio.channels.ClosedSelectorException when the selector is closed
   */
  @Override
  public int fileno() {
    return loop.fileno();
  }
}
