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
 * @param events What it is ready for: one or more of {@link BaseSelector#EVENT_READ}, {@link
 *     BaseSelector#EVENT_WRITE}, {@link BaseSelector#EVENT_PRIORITY} and {@link
 *     BaseSelector#EVENT_HANGUP}. It is never more than {@code key.events()} asks for.
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

  /**
   * Whether there is an exceptional condition.
   *
   * @return whether {@link BaseSelector#EVENT_PRIORITY} is among the events
   */
  public boolean isPriority() {
    return (events & Events.PRIORITY) != 0;
  }

  /**
   * Whether the peer has shut down its sending side or hung up, or an error is pending.
   *
   * @return whether {@link BaseSelector#EVENT_HANGUP} is among the events
   */
  public boolean isHangup() {
    return (events & Events.HANGUP) != 0;
  }
}
