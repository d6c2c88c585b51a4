package io.github.selectors4j.internal.sets;

import io.github.selectors4j.internal.system.PollShim;
import java.util.Arrays;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Priority that a change of an epoll set would lose: epoll_ctl(2) polls the file, and of some files
 * that takes the event away, before a wait can report it. So one looks before, and again after;
 * what is gone by then is kept for the next wait. Whoever calls a method holds the loop's lock,
 * unless it says otherwise.
 */
final class KeptPriority {

  private static final int POLLPRI = PollShim.value("POLLPRI");
  private static final long[] NONE = {};

  private PollShim.@Nullable Pollfds looked;
  private long[] kept = NONE;
  private volatile boolean any;

  /**
   * What a change has taken away, or a new set's first poll may have: the data of the keys that are
   * to be reported once for that. For the selecting thread only.
   */
  private long[] doubtful = NONE;

  /** Whether a change may take something away. */
  boolean isDue(int fd) {
    return hasPriority(fd);
  }

  /** The change was made, and what was due before is gone; one that is not stays for every poll. */
  boolean isGone(int fd) {
    boolean stays = hasPriority(fd);
    if (stays) {
      stays = hasPriority(fd); // the next event may have come in between
    }
    return !stays;
  }

  private boolean hasPriority(int fd) {
    PollShim.Pollfds one = looked;
    if (one == null) {
      one = new PollShim.Pollfds(1);
      looked = one;
    }
    one.set(0, fd, POLLPRI);
    return PollShim.await(one, 0, 1, 0) > 0 && (one.revents(0) & POLLPRI) != 0;
  }

  /** Keeps a key's for the next wait. */
  void add(long data) {
    kept = Arrays.copyOf(kept, kept.length + 1);
    kept[kept.length - 1] = data;
    any = true;
  }

  /**
   * Adds keys to be reported by the wait in progress, or the next one. For the selecting thread.
   */
  void doubt(long[] data) {
    doubtful = join(doubtful, data);
  }

  /**
   * Has all that is kept reported by the wait that begins now, and returns how many keys those are.
   * For the selecting thread, without the lock.
   */
  int take(Lock lock) {
    if (any) {
      lock.lock();
      try {
        doubt(kept);
        kept = NONE;
        any = false;
      } finally {
        lock.unlock();
      }
    }
    return doubtful.length;
  }

  /** Hands over the keys that the wait is to report. The same. */
  long[] tell() {
    long[] told = doubtful;
    doubtful = NONE;
    return told;
  }

  private static long[] join(long[] some, long[] others) {
    long[] all = Arrays.copyOf(some, some.length + others.length);
    System.arraycopy(others, 0, all, some.length, others.length);
    return all;
  }
}
