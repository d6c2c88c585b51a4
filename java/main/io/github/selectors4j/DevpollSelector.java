package io.github.selectors4j;

import io.github.selectors4j.internal.fileobject.OwnFileno;
import io.github.selectors4j.internal.sets.DevpollSet;
import java.io.IOException;

/** A selector over /dev/poll, poll(7d), on Solaris and illumos. */
public final class DevpollSelector extends BaseSelector implements HasFileno, OwnFileno {

  private DevpollSelector() throws IOException {
    super(Mechanism.DEVPOLL, DevpollSet::new);
  }

  /**
   * Opens a selector.
   *
   * @return a new selector
   * @throws UnsupportedOperationException when the platform lacks /dev/poll
   * @throws IOException when the system refuses, as for want of descriptors
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static DevpollSelector open() throws IOException {
    return new DevpollSelector();
  }

  /**
   * The set's own descriptor. It stays the selector's to close.
   *
   * @return the descriptor
   * @throws java.nio.channels.ClosedSelectorException when the selector is closed
   */
  @Override
  public int fileno() {
    return loop.fileno();
  }
}
