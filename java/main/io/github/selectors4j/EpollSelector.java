package io.github.selectors4j;

import io.github.selectors4j.internal.fileobject.OwnFileno;
import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.sets.EpollSet;
import java.io.IOException;

/**
 * A selector over epoll(7), on Linux. Regular files and other files that are always ready are
 * refused with EPERM.
 *
 * <p>Its descriptor, {@link #fileno()}, is readable while it has ready keys, so that another
 * selector or event loop can watch it:
 *
 * <pre>{@code
 * try (EpollSelector inner = EpollSelector.open();
 *     BaseSelector outer = DefaultSelector.open()) {
 *   inner.register(pipe.source(), EVENT_READ);
 *   outer.register(inner, EVENT_READ); // readable while inner has ready keys
 *   outer.select();
 *   inner.selectNow((key, events) -> pipe.source().read(buffer));
 * }
 * }</pre>
 *
 * <p>The descriptor keeps its number when the selector replaces its epoll set. It does so to get
 * rid of the events of an unregistered file that a duplicate keeps open. Whoever watches the
 * descriptor by epoll has to register it again after that.
 */
public final class EpollSelector extends BaseSelector implements HasFileno, OwnFileno {

  private EpollSelector(SelectLoop loop) throws IOException {
    super(Mechanism.EPOLL, loop, new EpollSet(loop));
  }

  /**
   * Opens a selector.
   *
   * @return a new selector, with nothing registered
   * @throws UnsupportedOperationException when the platform lacks epoll
   * @throws IOException when the system refuses, for want of descriptors for example
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static EpollSelector open() throws IOException {
    return new EpollSelector(new SelectLoop());
  }

  /**
   * The epoll set's own descriptor, for others to watch. It stays the selector's to close.
   *
   * @return the descriptor
   * @throws java.nio.channels.ClosedSelectorException when the selector is closed
   */
  @Override
  public int fileno() {
    return loop.fileno();
  }
}
