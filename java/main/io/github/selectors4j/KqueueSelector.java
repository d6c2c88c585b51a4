package io.github.selectors4j;

import io.github.selectors4j.internal.fileobject.OwnFileno;
import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.sets.KqueueSet;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A selector over kqueue(2), on macOS and the BSDs. A regular file is ready to read until its end
 * is reached.
 *
 * <p>Its descriptor, {@link #fileno()}, is readable while it has ready keys, so that another
 * selector or event loop can watch it:
 *
 * <pre>{@code
 * try (KqueueSelector inner = KqueueSelector.open();
 *     BaseSelector outer = DefaultSelector.open()) {
 *   inner.register(pipe.source(), EVENT_READ);
 *   outer.register(inner, EVENT_READ); // readable while inner has ready keys
 *   outer.select();
 *   inner.selectNow((key, events) -> pipe.source().read(buffer));
 * }
 * }</pre>
 *
 * <p>It tells nothing of what kqueue refused and {@link DefaultSelector} took.
 */
@OwnFileno
public final class KqueueSelector extends BaseSelector implements HasFileno {

  private KqueueSelector(SelectLoop loop, @Nullable Mechanism fallback) throws IOException {
    super(loop, new KqueueSet(loop), fallback);
  }

  /**
   * Opens a selector.
   *
   * @return a new selector, with nothing registered
   * @throws UnsupportedOperationException when the platform lacks kqueue
   * @throws IOException when the system refuses, for want of descriptors for example
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static KqueueSelector open() throws IOException {
    return new KqueueSelector(new SelectLoop(), null);
  }

  /** The same, or the one of {@link DefaultSelector}, for {@link Mechanism#open(boolean)}. */
  static BaseSelector open(boolean isDefault) throws IOException {
    return new KqueueSelector(new SelectLoop(), isDefault ? Mechanism.SELECT : null);
  }

  /**
   * The queue's own descriptor, for others to watch. It stays the selector's to close.
   *
   * @return the descriptor
   * @throws java.nio.channels.ClosedSelectorException when the selector is closed
   */
  @Override
  public int fileno() {
    return loop.fileno();
  }
}
