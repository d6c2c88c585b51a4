package io.github.selectors4j.internal.sets;

import io.github.selectors4j.internal.Events;

/**
 * Events as poll, epoll and /dev/poll have them: a bit for each, and others for errors and
 * hang-ups, which are reported without being asked for.
 *
 * @param hangup 0 where the system can't be asked for it
 * @param invalid what is reported of a number that is not open, or 0
 */
record PollBits(int in, int out, int priority, int hangup, int invalid) {

  /** What can be asked for. */
  int supported() {
    return hangup == 0 ? Events.ALL & ~Events.HANGUP : Events.ALL;
  }

  /** The bits for these events. */
  int of(int events) {
    return ((events & Events.READ) == 0 ? 0 : in)
        | ((events & Events.WRITE) == 0 ? 0 : out)
        | ((events & Events.PRIORITY) == 0 ? 0 : priority)
        | ((events & Events.HANGUP) == 0 ? 0 : hangup);
  }

  /**
   * The events for these bits: error and hang-up wake whichever side asked, and a closed number
   * all.
   */
  int toEvents(int bits) {
    int events = (bits & in) == 0 ? 0 : Events.READ;
    if ((bits & ~in) != 0) {
      events |= (bits & out) == 0 ? 0 : Events.WRITE;
      events |= (bits & priority) == 0 ? 0 : Events.PRIORITY;
      events |= (bits & hangup) == 0 ? 0 : Events.HANGUP;
      events |= (bits & ~(in | out | priority | hangup)) == 0 ? 0 : Events.ENDED;
      events |= (bits & invalid) == 0 ? 0 : Events.PRIORITY;
    }
    return events;
  }
}
