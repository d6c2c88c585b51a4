package io.github.selectors4j.internal.sets;

import io.github.selectors4j.internal.system.EpollShim;
import io.github.selectors4j.internal.system.SystemCalls;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What waits for an epoll set find: of each registration one event. Not safe for threads. */
final class EpollEvents {

  private static final int INITIAL_CAPACITY = 256;

  /** Made for the first wait. */
  private EpollShim.@Nullable Events events;

  /** What the last wait found, as it stands. */
  EpollShim.Events found() {
    return Objects.requireNonNull(events);
  }

  /** Waits once: how many there are, or {@code -errno}. */
  int await(int set, long timeoutNanos) {
    EpollShim.Events events = this.events;
    if (events == null) {
      events = new EpollShim.Events(INITIAL_CAPACITY);
      this.events = events;
    }
    return EpollShim.await(set, events, events.capacity(), timeoutNanos);
  }

  /**
   * Asks for more until there is room left, or one comes again: the kernel goes round.
   *
   * @param found how many there are
   * @return how many there are then
   */
  int addFurther(int set, int found) {
    EpollShim.Events events = found();
    if (found < events.capacity()) {
      return found;
    }
    Map<Long, Integer> indexes = new HashMap<>();
    for (int i = 0; i < found; i++) {
      indexes.put(events.data(i), i);
    }
    int count = found;
    boolean all = false;
    while (!all) {
      EpollShim.Events grown = events.grown();
      events = grown;
      this.events = grown;
      int first = count;
      int room = grown.capacity() - first;
      int more = SystemCalls.await(nanos -> EpollShim.await(set, grown, first, room, nanos), 0);
      all = more < room;
      for (int i = first; i < first + more; i++) {
        Integer earlier = indexes.putIfAbsent(events.data(i), count);
        if (earlier == null) {
          events.move(i, count++);
        } else {
          events.merge(i, earlier);
          all = true;
        }
      }
    }
    return count;
  }

  /**
   * Adds what no wait has found, to what the registration's event tells if it has one.
   *
   * @param found how many there are
   * @return how many there are then
   */
  int add(int found, int bits, long data) {
    EpollShim.Events events = found();
    if (found == events.capacity()) {
      events = events.grown();
      this.events = events;
    }
    events.set(found, bits, data);
    for (int i = 0; i < found; i++) {
      if (events.data(i) == data) {
        events.merge(found, i);
        return found;
      }
    }
    return found + 1;
  }
}
