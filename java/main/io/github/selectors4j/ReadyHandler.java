package io.github.selectors4j;

import java.io.IOException;

/** Receives the ready keys of one select, one call each, in the thread that selects. */
@FunctionalInterface
public interface ReadyHandler {

  /**
   * Called for a ready key. It may call any method of its own selector except a select.
   *
   * @param key the key as it stands at this moment
   * @param events {@link BaseSelector#EVENT_READ}, {@link BaseSelector#EVENT_WRITE} or both
   * @throws IOException passes through the select; what was not yet handed out is still ready for
   *     the next call
   */
  void ready(SelectorKey key, int events) throws IOException;
}
