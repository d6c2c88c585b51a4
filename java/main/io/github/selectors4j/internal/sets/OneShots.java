package io.github.selectors4j.internal.sets;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.SystemCallException;
import org.jspecify.annotations.Nullable;

/** Which set is a mechanism's, and which one takes what that refuses. */
public final class OneShots {

  private OneShots() {}

  /**
   * Opens a mechanism's set.
   *
   * @throws UnsupportedOperationException when the platform lacks the mechanism
   * @throws SystemCallException when the system refuses, as for want of descriptors
   */
  public static OneShotSet open(Mechanism mechanism) throws SystemCallException {
    return switch (mechanism) {
      case KQUEUE -> new OneShotKqueue();
      case EPOLL -> new OneShotEpoll();
      case DEVPOLL -> OneShotDevpoll.open();
      case POLL -> OneShotPoll.open();
      case SELECT -> OneShotSelect.open();
    };
  }

  /** What waits for what a mechanism refuses; null where that is ready at once, or never. */
  public static @Nullable Mechanism fallback(Mechanism mechanism) {
    return mechanism == Mechanism.KQUEUE ? Mechanism.SELECT : null;
  }

  /** The events that a fallback can wait for. */
  public static int supported(Mechanism fallback) {
    return fallback == Mechanism.SELECT ? SelectSet.SUPPORTED : PollArray.BITS.supported();
  }
}
