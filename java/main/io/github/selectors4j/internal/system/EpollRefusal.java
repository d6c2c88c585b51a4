package io.github.selectors4j.internal.system;

import io.github.selectors4j.SystemCallException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why epoll_ctl(2) refuses a descriptor. It has few errors for many reasons, some of which are
 * called after other things: sets that watch each other are "symbolic links".
 */
public final class EpollRefusal {

  private static final int UNKNOWN = -1;

  private EpollRefusal() {}

  /**
   * What to throw when a change that somebody else has made up has failed: EINVAL may be for their
   * arguments.
   *
   * @param own the set's own number
   */
  public static SystemCallException of(int operation, int fd, int errno, int own) {
    String meaning = errno == Errno.EINVAL && fd != own ? null : meaning(errno, fd, own);
    return Errno.exception(EpollShim.describe(operation, fd), errno, meaning, advice(errno, fd));
  }

  /**
   * What an error of a change with valid arguments means, where the system's own words mislead; or
   * null.
   *
   * @param own the set's own numbers
   */
  public static @Nullable String meaning(int errno, int fd, int... own) {
    if ((errno == Errno.ELOOP || errno == Errno.EINVAL) && contains(own, fd)) {
      return "a set can't watch itself";
    }
    if (errno == Errno.ELOOP) {
      return whyLoop(fd, own);
    }
    if (errno == Errno.EINVAL) {
      return "a descriptor would be in too many sets that others watch: some 500 are allowed, and"
          + " fewer where those are nested deeper";
    }
    return errno == Errno.ENOSPC
        ? "this user's sets hold as many descriptors as /proc/sys/fs/epoll/max_user_watches allows"
        : null;
  }

  /**
   * What to throw when others are to watch a set that has no room for a key which it asks for by
   * other means.
   *
   * @param e what the system said to the key's addition
   */
  public static SystemCallException unwatchable(SystemCallException e) {
    return Errno.exception(
        e.call(),
        e.errno(),
        meaning(e.errno(), UNKNOWN),
        "the set has no room now for a key that stays ready, which selects report all the same, but"
            + " who watches it would not hear of: call fileno() again later, or before any select");
  }

  /** What to do about an error of a change, or null. */
  public static @Nullable String advice(int errno, int fd) {
    if (errno != Errno.EPERM) {
      return null;
    }
    int kind = Descriptors.kind(fd);
    if (kind == Descriptors.REGULAR_FILE) {
      return "it is a regular file, which is always ready and needs no waiting; a DefaultSelector or"
          + " PollSelector takes it";
    }
    if (kind == Descriptors.DIRECTORY) {
      return "it is a directory: nothing tells when it changes, and reading won't do either; watch"
          + " it by inotify";
    }
    if (kind == Descriptors.CHARACTER_DEVICE || kind == Descriptors.BLOCK_DEVICE) {
      return "it is a device without poll: unless it is one that is always ready, such as /dev/null,"
          + " reading won't do either; a DefaultSelector or PollSelector takes it";
    }
    return kind == 0
        ? "it is a kernel object without poll: nothing tells when it is ready, and reading won't do"
            + " either"
        : null;
  }

  private static String whyLoop(int fd, int... own) {
    try {
      return leadsTo(fd, own, new HashSet<>())
          ? "a circle: what is to be watched watches this set, itself or through others"
          : "sets that watch sets are more than five deep, of which a selector that others watch is two";
    } catch (IOException unknown) {
      return "sets watch each other in a circle, or are more than five deep";
    }
  }

  /** Whether a set holds one of these numbers, or a set that does. */
  private static boolean leadsTo(int set, int[] numbers, Set<Integer> seen) throws IOException {
    Set<Integer> held = held(set);
    for (int fd : held) {
      if (contains(numbers, fd) || (seen.add(fd) && leadsTo(fd, numbers, seen))) {
        return true;
      }
    }
    return false;
  }

  private static Set<Integer> held(int set) throws IOException {
    Set<Integer> held = new HashSet<>();
    EpollEntries.visit(set, (fd, data) -> held.add(fd));
    return held;
  }

  private static boolean contains(int[] numbers, int fd) {
    for (int number : numbers) {
      if (number == fd) {
        return true;
      }
    }
    return false;
  }
}
