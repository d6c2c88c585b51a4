package io.github.selectors4j.internal.sets;

import io.github.selectors4j.internal.Events;

/** Events as poll, epoll and /dev/poll have them: bits for both sides, and others for the ends. */
final class PollBits {

  private PollBits() {}

  /** The mechanism's bits for these events. */
  static int of(int events, int in, int out) {
    return ((events & Events.READ) == 0 ? 0 : in) | ((events & Events.WRITE) == 0 ? 0 : out);
  }

  /** The events for a mechanism's bits: hang-up and error wake whichever side asked. */
  static int toEvents(int bits, int in, int out) {
    return ((bits & ~out) == 0 ? 0 : Events.READ) | ((bits & ~in) == 0 ? 0 : Events.WRITE);
  }
}
