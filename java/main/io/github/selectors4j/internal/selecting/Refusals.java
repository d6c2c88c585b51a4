package io.github.selectors4j.internal.selecting;

import io.github.selectors4j.HasFileno;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.fileobject.FileObjects;
import io.github.selectors4j.internal.system.Errno;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** What to say when a registration is refused: of what object, with what descriptor, and why. */
final class Refusals {

  private Refusals() {}

  /** Refuses what is no mask of events. */
  static void checkEvents(Object fileobj, int events) {
    if (events == 0 || (events & ~Events.ALL) != 0) {
      // A program's own object may throw instead.
      int fd =
          fileobj instanceof HasFileno ? FileObjects.NONE : FileObjects.descriptorIfAny(fileobj);
      throw new IllegalArgumentException(
          "events "
              + events
              + " for "
              + named(fileobj, fd)
              + ": must be EVENT_READ, EVENT_WRITE or both");
    }
  }

  static IllegalStateException alreadyRegistered(SelectorKey key, SelectorKey other) {
    return new IllegalStateException(
        named(key.fileobj(), key.fd())
            + " can't be registered: "
            + (other.fileobj() == key.fileobj() ? "it" : FileObjects.describe(other.fileobj()))
            + " is registered already, with fd "
            + other.fd()
            + ", for events "
            + other.events());
  }

  static NoSuchElementException notRegistered(Object fileobj, int fd) {
    return new NoSuchElementException(named(fileobj, fd) + " is not registered");
  }

  /** The same with its object, unless the call names that, and what to do about it. */
  static SystemCallException explained(
      SystemCallException e, Object fileobj, @Nullable String advice) {
    String text = advice;
    if (!(fileobj instanceof Integer)) {
      String object = FileObjects.describe(fileobj);
      text = advice == null ? object : object + ": " + advice;
    }
    SystemCallException explained = Errno.exception(e.call(), e.errno(), text);
    explained.initCause(e);
    return explained;
  }

  private static String named(Object fileobj, int fd) {
    String object = FileObjects.describe(fileobj);
    return fileobj instanceof Integer || fd < 0 ? object : object + " (fd " + fd + ")";
  }
}
