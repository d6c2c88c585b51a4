package io.github.selectors4j.internal.selecting;

import io.github.selectors4j.HasFileno;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.fileobject.FileObjects;
import io.github.selectors4j.internal.fileobject.Processes;
import io.github.selectors4j.internal.system.Errno;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** What to say when a registration is refused: of what object, with what descriptor, and why. */
public final class Refusals {

  private Refusals() {}

  /** Refuses what is no mask of events, or more than a process can be waited for. */
  public static void checkEvents(Object fileobj, int events) {
    if (Processes.isProcess(fileobj) && events != Events.READ) {
      throw new IllegalArgumentException(
          "events "
              + events
              + " for "
              + FileObjects.describe(fileobj)
              + ": must be EVENT_READ, for its end is all that a process is waited for");
    }
    if (events == 0 || (events & ~Events.ALL) != 0) {
      // A program's own object may throw instead.
      int fd =
          fileobj instanceof HasFileno ? FileObjects.NONE : FileObjects.descriptorIfAny(fileobj);
      throw new IllegalArgumentException(
          "events "
              + events
              + " for "
              + named(fileobj, fd)
              + ": must be one or more of EVENT_READ, EVENT_WRITE, EVENT_PRIORITY and"
              + " EVENT_HANGUP");
    }
  }

  /** Refuses events that the mechanism can't wait for. */
  public static void checkSupported(Object fileobj, int events, Capabilities set) {
    int unsupported = events & ~set.supported();
    if (unsupported != 0) {
      String names =
          (unsupported & Events.PRIORITY) == 0
              ? "EVENT_HANGUP"
              : unsupported == Events.PRIORITY
                  ? "EVENT_PRIORITY"
                  : "EVENT_PRIORITY and EVENT_HANGUP";
      throw new UnsupportedOperationException(
          set.mechanism() + " can't wait for " + names + " of " + FileObjects.describe(fileobj));
    }
  }

  /** Of what each of two mechanisms could wait for a part of, and neither for all. */
  public static UnsupportedOperationException unsupportedByBoth(
      Mechanism mechanism, Mechanism fallback) {
    return new UnsupportedOperationException(
        "EVENT_PRIORITY and EVENT_HANGUP of one file object: "
            + mechanism
            + " can't wait for the one, nor "
            + fallback
            + " for the other");
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
  public static SystemCallException explained(
      SystemCallException e, Object fileobj, int fd, Capabilities set) {
    return FileObjects.explained(
        e, fileobj, fd, set.meaning(e.errno(), fd), set.advice(e.errno(), fd));
  }

  /** What to throw when a wait has failed during which this was awaited. */
  public static SystemCallException unawaited(
      SystemCallException e, Object fileobj, int fd, @Nullable String advice) {
    String object = fileobj instanceof Integer ? "fd " + fd : named(fileobj, fd);
    String known = object + " was awaited" + (advice == null ? "" : ": " + advice);
    SystemCallException unawaited = Errno.exception(e.call(), e.errno(), known);
    unawaited.initCause(e);
    return unawaited;
  }

  private static String named(Object fileobj, int fd) {
    String object = FileObjects.describe(fileobj);
    return fileobj instanceof Integer || fd < 0 ? object : object + " (fd " + fd + ")";
  }
}
