package io.github.selectors4j;

import io.github.selectors4j.internal.fileobject.OwnFileno;
import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.sets.DevpollSet;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A selector over /dev/poll, poll(7d), on Solaris and illumos.
 *
 * <pre>{@code
 * try (DevpollSelector selector = DevpollSelector.open()) {
 *   selector.register(pipe.source(), EVENT_READ);
 *   selector.select(Duration.ofMillis(500), (key, events) -> pipe.source().read(buffer));
 * }
 * }</pre>
 *
 * <p>A timeout is rounded up to milliseconds.
 */
@OwnFileno
public final class DevpollSelector extends BaseSelector implements HasFileno {

  private DevpollSelector(SelectLoop loop, @Nullable Mechanism fallback) throws IOException {
    super(loop, new DevpollSet(loop), fallback);
  }

  /**
   * Opens a selector.
   *
   * @return a new selector, with nothing registered
   * @throws UnsupportedOperationException when the platform lacks /dev/poll
   * @throws IOException when the system refuses, for want of descriptors for example
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static DevpollSelector open() throws IOException {
    return new DevpollSelector(new SelectLoop(), null);
  }

  /** The same, or the one of {@link DefaultSelector}, for {@link Mechanism#open(boolean)}. */
  static BaseSelector open(boolean isDefault) throws IOException {
    return new DevpollSelector(new SelectLoop(), isDefault ? Mechanism.POLL : null);
  }

  /**
   * The set's own descriptor. It stays the selector's to close. A poll of it by others reports an
   * error.
   *
   * @return the descriptor
   * @throws java.nio.channels.ClosedSelectorException when the selector is closed
   */
  @Override
  public int fileno() {
    return loop.fileno();
  }
}
