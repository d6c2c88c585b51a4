package io.github.selectors4j.internal.system;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.loading.NativeLibrary;
import java.lang.ref.Reference;

/** A /dev/poll set, over {@code native/devpoll.c}: poll(7d). */
public final class DevpollShim {

  private static final boolean BOUND = NativeLibrary.bind(DevpollShim.class);
  private static final String NAME = "devpoll (/dev/poll)";

  /** {@code POLLREMOVE}, alone: takes a descriptor out of the set. */
  public static final int POLLREMOVE = BOUND ? (int) constant("POLLREMOVE") : 0;

  private DevpollShim() {}

  /** A new set's descriptor. */
  public static int open() throws SystemCallException {
    if (!BOUND) {
      throw SystemCalls.unbound(NAME);
    }
    int set = create();
    return set >= 0 ? set : SystemCalls.checkPresent(set, NAME, "open(/dev/poll)");
  }

  /**
   * Adds interests to the set, or takes descriptors out of it: events are or-ed to those that are
   * there already.
   *
   * @param count how many of the entries count
   * @return 0, or {@code -errno} but never {@code -EINTR}
   */
  public static int write(int devpoll, PollShim.Pollfds changes, int count) {
    changes.requireRoom(count);
    try {
      int result;
      do {
        // Older Solaris makes who writes wait, and lets a signal end that: nothing is changed then.
        result = write(devpoll, changes.memory.address, PollShim.Pollfds.bytes(count));
      } while (result == -Errno.EINTR);
      return result;
    } finally {
      Reference.reachabilityFence(changes);
    }
  }

  /**
   * Waits as {@code ioctl(DP_POLL)}.
   *
   * @param maximum how many entries to fill at most; below the process's limit of descriptors
   * @param timeoutNanos negative waits for ever
   * @return how many entries were filled, or {@code -errno}
   */
  public static int await(int devpoll, PollShim.Pollfds ready, int maximum, long timeoutNanos) {
    ready.requireRoom(maximum);
    try {
      return wait(devpoll, ready.memory.address, maximum, Timeouts.millis(timeoutNanos));
    } finally {
      Reference.reachabilityFence(ready);
    }
  }

  private static native long constant(String name);

  private static native int create();

  private static native int write(int devpoll, long pollfds, int bytes);

  private static native int wait(int devpoll, long pollfds, int maximum, int millis);
}
