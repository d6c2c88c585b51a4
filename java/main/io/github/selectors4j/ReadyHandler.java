package io.github.selectors4j;

import java.io.IOException;

/**
 * Receives the ready keys of one select, one call each, in the thread that selects. As the data of
 * a key, a handler can be the key's own callback:
 *
 * <pre>{@code
 * ReadyHandler readAll = (key, events) -> pipe.source().read(buffer);
 * selector.register(pipe.source(), EVENT_READ, readAll);
 * selector.select(null, (key, events) -> ((ReadyHandler) key.data()).ready(key, events));
 * }</pre>
 */
@FunctionalInterface
public interface ReadyHandler {

  /**
   * Called for a ready key. It may call any method of its own selector except a select. An
   * exception, checked or not, passes through the select; what was not handed out yet is still
   * ready for the next call.
   *
   * @param key the key as it stands at this moment, never null
   * @param events {@link BaseSelector#EVENT_READ}, {@link BaseSelector#EVENT_WRITE} or both
   * @throws IOException from what the handler does
   */
  void ready(SelectorKey key, int events) throws IOException;
}
