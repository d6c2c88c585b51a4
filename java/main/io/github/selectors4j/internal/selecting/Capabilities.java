package io.github.selectors4j.internal.selecting;

import io.github.selectors4j.Mechanism;
import org.jspecify.annotations.Nullable;

/** What a set takes, and what it says of what it refuses. Any thread may ask at any time. */
public interface Capabilities {

  /** What this waits with. */
  Mechanism mechanism();

  /** The events that can be waited for. */
  int supported();

  /** Whether an addition or a change that fails so may be made to another mechanism's set. */
  default boolean leavesToOthers(int errno) {
    return false;
  }

  /** What an error of a change of a descriptor means, where the system's words mislead; or null. */
  default @Nullable String meaning(int errno, int fd) {
    return null;
  }

  /** What to do about an error of a change of a descriptor, or null. */
  default @Nullable String advice(int errno, int fd) {
    return null;
  }
}
