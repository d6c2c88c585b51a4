package io.github.selectors4j;

import io.github.selectors4j.internal.fileobject.OwnFileno;
import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.sets.AdaptiveEpollSet;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A selector over epoll(7), on Linux. What has no poll, such as a regular file, a folder or {@code
 * /dev/null}, is refused with EPERM, unless it is the one of {@link DefaultSelector}.
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
 * <p>It is readable, too, while a handler that threw has left keys over, while a wake-up is due,
 * and while a file is ready that {@link DefaultSelector} took. It goes on being so for as long as
 * the selector is open, whoever watches it, by epoll, poll or select. But of a file whose poll
 * takes the event away (see {@link BaseSelector#EVENT_PRIORITY}), a watcher takes it from the
 * selector.
 *
 * <p>A selector that others watch is two of the five sets that may be nested.
 */
@OwnFileno
public final class EpollSelector extends BaseSelector implements HasFileno {

  private EpollSelector(SelectLoop loop, @Nullable Mechanism fallback) throws IOException {
    super(loop, AdaptiveEpollSet.open(loop), fallback);
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
    return new EpollSelector(new SelectLoop(), null);
  }

  /** The same, or the one of {@link DefaultSelector}, for {@link Mechanism#open(boolean)}. */
  static BaseSelector open(boolean isDefault) throws IOException {
    return new EpollSelector(new SelectLoop(), isDefault ? Mechanism.POLL : null);
  }

  /**
   * A descriptor for others to watch, the same on every call. It stays the selector's to close.
   * Once this was called, each event takes some 100 ns longer. It is readable while there is
   * something for a select to report, but for the end of a child whose output stream is registered:
   * that shows to a select alone.
   *
   * @return the descriptor
   * @throws java.nio.channels.ClosedSelectorException when the selector is closed
   * @throws IOException when the system refuses, as for want of descriptors or memory, or since
   *     sets would be nested too deep; selects go on as before, and a later call may succeed
   */
  @Override
  public int fileno() throws IOException {
    return loop.front();
  }
}
