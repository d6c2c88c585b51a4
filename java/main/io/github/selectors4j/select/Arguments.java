package io.github.selectors4j.select;

import io.github.selectors4j.internal.fileobject.FileObjects;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the primitives' arguments have in common. */
final class Arguments {

  /** What an int holds in milliseconds, which is what these system calls take. */
  private static final Duration LONGEST_MILLIS = Duration.ofMillis(Integer.MAX_VALUE);

  private static final Duration LONGEST_NANOS = Duration.ofNanos(Long.MAX_VALUE);
  private static final int MOST_EVENTS = 1 << 16;

  private Arguments() {}

  static int descriptor(Object fileobj) throws IOException {
    return FileObjects.descriptor(Objects.requireNonNull(fileobj, "fileobj"));
  }

  static int checkDescriptor(int fd) {
    if (fd < 0) {
      throw new IllegalArgumentException("fd " + fd + ": must not be negative");
    }
    return fd;
  }

  /** A mask of poll's events: 16 bits. */
  static int checkPollEvents(int eventmask) {
    if (eventmask < 0 || eventmask > 0xffff) {
      throw new IllegalArgumentException(
          "eventmask " + eventmask + ": must fit 16 bits, and not be negative");
    }
    return eventmask;
  }

  /** As poll, epoll and /dev/poll want it: a negative timeout is as good as none. */
  static long nanosOrForEver(@Nullable Duration timeout) {
    if (timeout == null || timeout.isNegative()) {
      return -1;
    }
    if (timeout.compareTo(LONGEST_MILLIS) > 0) {
      throw tooLong(timeout, LONGEST_MILLIS);
    }
    return timeout.toNanos();
  }

  /** As select and kqueue want it. */
  static long nanosNotNegative(@Nullable Duration timeout) {
    if (timeout == null) {
      return -1;
    }
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout " + timeout + ": must not be negative");
    }
    if (timeout.compareTo(LONGEST_NANOS) > 0) {
      throw tooLong(timeout, LONGEST_NANOS);
    }
    return timeout.toNanos();
  }

  /** Room for so many events: who asks for more gets no more at once. */
  static int room(int maximum) {
    return Math.min(maximum, MOST_EVENTS);
  }

  private static IllegalArgumentException tooLong(Duration timeout, Duration longest) {
    return new IllegalArgumentException(
        "timeout " + timeout + ": must not exceed " + longest + "; null waits for ever");
  }
}
