package io.github.selectors4j.internal.selecting;

import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.system.Errno;
import java.io.FileDescriptor;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The inputs of children that are registered. The JDK closes such a stream's descriptor by itself
 * when the child ends, and nothing tells of it: the number may be a stranger's at once. So a key
 * has the number of a placeholder. While the stream's own number is valid, that one is watched; as
 * soon as it is not, the placeholder, which is ready.
 *
 * <p>Whether a number is valid is read from the JDK's object, which forgets it before it closes it.
 * Until that is looked at, the system may report a stranger under the number: the key whose it was
 * is ready then, too. Whoever calls a method holds the loop's lock, unless it says otherwise.
 */
final class ChildInputs {

  /** How often the numbers' validity is looked at. */
  private static final long INTERVAL_NANOS = 50_000_000;

  private static final long MILLI_NANOS = 1_000_000;

  private final InterestSet set;
  private final Registrations registrations;

  /** By placeholder: where the number stands that is watched in its place. */
  private final Map<Integer, FileDescriptor> sources = new HashMap<>();

  /** Whether there are some whose child has not ended. Read without the lock. */
  private volatile boolean any;

  /** When the next look is due. For the selecting thread only. */
  private long due = System.nanoTime();

  ChildInputs(InterestSet set, Registrations registrations) {
    this.set = set;
    this.registrations = registrations;
  }

  /** Whether {@link #sweep} is due. For the selecting thread, without the lock. */
  boolean isDue() {
    return any && System.nanoTime() - due >= 0;
  }

  /**
   * How long to wait at most until it is, in whole milliseconds, which are cheaper. For the
   * selecting thread, without the lock.
   */
  long limit(long timeoutNanos) {
    if (!any) {
      return timeoutNanos;
    }
    long left = Math.max(0, due - System.nanoTime());
    long limit = (left / MILLI_NANOS + 1) * MILLI_NANOS;
    return timeoutNanos < 0 ? limit : Math.min(limit, timeoutNanos);
  }

  /** Whether a stream's number is watched for a key; if not, the key's own is. */
  boolean has(SelectorKey key) {
    return sources.containsKey(key.fd());
  }

  /** Watches a stream's number for a key that is registered next. */
  void add(SelectorKey key, FileDescriptor source, int number, int generation)
      throws SystemCallException {
    try {
      set.add(number, generation, key.events());
    } catch (SystemCallException e) {
      requireEnd(e, source);
      set.add(key.fd(), generation, key.events());
      return;
    }
    registrations.watchInstead(number, key.fd());
    sources.put(key.fd(), source);
    any = true;
  }

  /**
   * Changes what one that it {@link #has} is watched for.
   *
   * @return the generation in force
   */
  int change(SelectorKey key, int generation, int events) throws SystemCallException {
    FileDescriptor source = source(key);
    try {
      if (source.valid()) {
        int number = registrations.watched(key.fd());
        return set.change(number, generation, key.events(), events);
      }
    } catch (SystemCallException e) {
      requireEnd(e, source);
    }
    // One that fails leaves the number to be watched, which the caller removes.
    set.add(key.fd(), generation, events);
    remove(key);
    return generation;
  }

  /**
   * What has been closed just now, or by the child alone, which a kqueue tells by a refusal, is
   * ready as elsewhere, if by its placeholder: the next write tells the error.
   */
  private static void requireEnd(SystemCallException e, FileDescriptor source)
      throws SystemCallException {
    if (source.valid() && e.errno() != Errno.EPIPE && e.errno() != Errno.EBADF) {
      throw e;
    }
  }

  /**
   * Has the placeholders watched of those whose number is not valid any more. One that the system
   * refuses for want of memory has its turn again.
   */
  void sweep() {
    sources.entrySet().removeIf(entry -> !entry.getValue().valid() && isReplaced(entry.getKey()));
    any = !sources.isEmpty();
    due = System.nanoTime() + INTERVAL_NANOS;
  }

  /** Whether the child of one that it {@link #has} has ended: then the key's own is watched. */
  boolean isOver(SelectorKey key) {
    if (source(key).valid() || !isReplaced(key.fd())) {
      return false;
    }
    forget(key);
    return true;
  }

  private boolean isReplaced(int fd) {
    SelectorKey key = registrations.get(fd);
    if (key != null) {
      try {
        set.add(fd, registrations.generation(fd), key.events());
      } catch (SystemCallException scarce) {
        return false;
      }
      set.forget(registrations.watchItself(fd), key.events());
    }
    return true;
  }

  /** Takes one that it {@link #has}, and that is not registered any more, out of the set. */
  void remove(SelectorKey key) {
    FileDescriptor source = source(key);
    forget(key);
    int number = registrations.watchItself(key.fd());
    if (source.valid()) {
      set.remove(number, key.events());
    } else {
      set.forget(number, key.events());
    }
  }

  private FileDescriptor source(SelectorKey key) {
    return Objects.requireNonNull(sources.get(key.fd()));
  }

  private void forget(SelectorKey key) {
    sources.remove(key.fd());
    any = !sources.isEmpty();
  }
}
