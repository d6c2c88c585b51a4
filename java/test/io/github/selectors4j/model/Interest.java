package io.github.selectors4j.model;

import io.github.selectors4j.BaseSelector;

/** What a key asks for. */
enum Interest {
  READ(BaseSelector.EVENT_READ),
  WRITE(BaseSelector.EVENT_WRITE),
  BOTH(BaseSelector.EVENT_READ | BaseSelector.EVENT_WRITE);

  final int events;

  Interest(int events) {
    this.events = events;
  }
}
