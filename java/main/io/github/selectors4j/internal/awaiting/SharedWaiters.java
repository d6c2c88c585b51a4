package io.github.selectors4j.internal.awaiting;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.SystemCallException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The process's own waiters, opened when somebody waits for the first time. */
public final class SharedWaiters {

  private static final ReentrantLock OPENING = new ReentrantLock();
  private static volatile @Nullable Waiters opened;

  private SharedWaiters() {}

  /** Those that there are; null before the first wait. */
  public static @Nullable Waiters ifOpen() {
    return opened;
  }

  /**
   * The waiters; for who comes first, those of {@link Mechanism#best()}.
   *
   * @throws SystemCallException when the system refuses; the next one tries again
   */
  public static Waiters get() throws SystemCallException {
    Waiters there = opened;
    if (there != null) {
      return there;
    }
    OPENING.lock();
    try {
      Waiters first = opened == null ? new Waiters(Mechanism.best()) : opened;
      opened = first;
      return first;
    } finally {
      OPENING.unlock();
    }
  }
}
