package io.github.selectors4j.internal.awaiting;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.fileobject.FileObjects;
import io.github.selectors4j.internal.selecting.Refusals;
import io.github.selectors4j.internal.sets.OneShotSet;
import org.jspecify.annotations.Nullable;

/**
 * What has failed for those who wait.
 *
 * @param set which was asked; null when that was none
 * @param isWait whether it can't wait; else it refuses a number
 */
record Reason(SystemCallException cause, @Nullable OneShotSet set, boolean isWait) {

  /** What to throw in the thread of one of them. */
  SystemCallException of(Object fileobj, int fd) {
    if (set == null) {
      return FileObjects.explained(cause, fileobj, fd, null, null);
    }
    return isWait
        ? Refusals.unawaited(cause, fileobj, fd, set.waitAdvice(cause.errno()))
        : Refusals.explained(cause, fileobj, fd, set);
  }
}
