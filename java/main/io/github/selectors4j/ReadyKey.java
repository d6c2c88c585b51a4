package io.github.selectors4j;

import io.github.selectors4j.internal.Events;

/**
 * A key and what it is ready for: the pair that Python's {@code select()} lists.
 *
 * <pre>{@code
 * for (ReadyKey ready : selector.selectNow()) {
 *   if (ready.isReadable()) {
 *     pipe.source().read(buffer);
 *   }
 *   if (ready.isWritable()) {
 *     pipe.sink().write(output);
 *   }
 * }
 * }</pre>
 *
 * @param key The key as it stood when it was found ready, never null.
 * @param events What it is ready for: {@link BaseSelector#EVENT_READ}, {@link
 *     BaseSelector#EVENT_WRITE} or both. It is never more than {@code key.events()} asks for.
 */
public record ReadyKey(SelectorKey key, int events) {

  /**
   * Whether a read will not block: there are bytes, a connection to accept, the end of the stream
   * or an error.
   *
   * @return whether {@link BaseSelector#EVENT_READ} is among the events
   */
  public boolean isReadable() {
    return (events & Events.READ) != 0;
  }

  /**
   * Whether a write will not block: there is room, a connect has finished, or there is an error.
   *
   * @return whether {@link BaseSelector#EVENT_WRITE} is among the events
   */
  public boolean isWritable() {
    return (events & Events.WRITE) != 0;
  }
}
