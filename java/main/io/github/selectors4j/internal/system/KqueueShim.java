package io.github.selectors4j.internal.system;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.loading.NativeLibrary;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A kernel event queue, over {@code native/kqueue.c}: kqueue(2). */
public final class KqueueShim {

  private static final boolean BOUND = NativeLibrary.bind(KqueueShim.class);
  private static final int KEVENT_SIZE = value("sizeof");
  private static final int IDENT_OFFSET = value("ident");
  private static final int FILTER_OFFSET = value("filter");
  private static final int FLAGS_OFFSET = value("flags");
  private static final int FFLAGS_OFFSET = value("fflags");
  private static final int DATA_OFFSET = value("data");
  private static final int UDATA_OFFSET = value("udata");

  /** Whether filter and flags have 32 bits, as on NetBSD, or 16, as everywhere else. */
  private static final boolean WIDE = value("sizeof filter") == Integer.BYTES;

  /** The filters that some systems lack. */
  private static final List<String> OPTIONAL_FILTERS = List.of("EVFILT_NETDEV", "EVFILT_USER");

  private KqueueShim() {}

  /** The named constant, 0 where this system lacks it. */
  public static int value(String name) {
    return BOUND ? (int) constant(name) : 0;
  }

  /**
   * A filter that not every system has: where it is missing, a number that no system's structure
   * holds or that is none of its filters, for 0 is one on NetBSD.
   */
  public static int optionalFilter(String name) {
    int number = value(name);
    return number != 0 ? number : Integer.MIN_VALUE + OPTIONAL_FILTERS.indexOf(name);
  }

  /** The name of a filter that this system lacks; null for every other number. */
  public static @Nullable String missingFilter(int number) {
    int index = number - Integer.MIN_VALUE;
    return index >= 0 && index < OPTIONAL_FILTERS.size() ? OPTIONAL_FILTERS.get(index) : null;
  }

  /** Throws unless this platform has kqueue. */
  public static void require() {
    if (!BOUND) {
      throw SystemCalls.unbound("kqueue");
    }
  }

  /** A new queue's descriptor. */
  public static int open() throws SystemCallException {
    require();
    int set = create();
    return set >= 0 ? set : SystemCalls.checkPresent(set, "kqueue", "kqueue()");
  }

  /**
   * A descriptor whose peer is gone: always readable, at its end, and writable, with an error.
   *
   * @return the descriptor, the caller's to close
   */
  public static int openHungUp() throws SystemCallException {
    return SystemCalls.check(hungUp(), "socketpair()");
  }

  /**
   * Applies changes, then waits: kevent(2).
   *
   * @param changes room whose first {@code changeCount} events are applied; may be the same as
   *     {@code events}
   * @param maximum how many events to fill in at most; 0 does not wait
   * @param timeoutNanos negative waits for ever
   * @return how many events were filled in, or {@code -errno}: after {@code -EINTR} the changes
   *     have been applied
   */
  public static int control(
      int kqueue,
      Kevents changes,
      int changeCount,
      Kevents events,
      int maximum,
      long timeoutNanos) {
    Objects.checkFromIndexSize(0, changeCount, changes.capacity);
    Objects.checkFromIndexSize(0, maximum, events.capacity);
    try {
      return control(
          kqueue,
          changes.memory.address,
          changeCount,
          events.memory.address,
          maximum,
          timeoutNanos);
    } finally {
      Reference.reachabilityFence(changes);
      Reference.reachabilityFence(events);
    }
  }

  /** Whether a number fits the structure's field for the filter, which most systems have short. */
  public static boolean isFilter(int number) {
    return WIDE || number == (short) number;
  }

  /** An array of {@code struct kevent}. */
  public static final class Kevents {
    private final DirectMemory memory;
    private final ByteBuffer buffer;
    private final int capacity;

    /** Room for that many events. */
    public Kevents(int capacity) {
      this.capacity = capacity;
      memory = new DirectMemory(Math.multiplyExact(capacity, KEVENT_SIZE));
      buffer = memory.buffer;
    }

    /** How many events fit. */
    public int capacity() {
      return capacity;
    }

    /** Fills an event in. */
    public void set(
        int index, long ident, int filter, int flags, int fflags, long data, long udata) {
      int at = index * KEVENT_SIZE;
      buffer.putLong(at + IDENT_OFFSET, ident);
      if (WIDE) {
        buffer.putInt(at + FILTER_OFFSET, filter).putInt(at + FLAGS_OFFSET, flags);
      } else {
        buffer.putShort(at + FILTER_OFFSET, (short) filter);
        buffer.putShort(at + FLAGS_OFFSET, (short) flags);
      }
      buffer.putInt(at + FFLAGS_OFFSET, fflags);
      buffer.putLong(at + DATA_OFFSET, data);
      buffer.putLong(at + UDATA_OFFSET, udata);
    }

    /** What the event is about. */
    public long ident(int index) {
      return buffer.getLong(index * KEVENT_SIZE + IDENT_OFFSET);
    }

    /** {@code EVFILT_*}. */
    public int filter(int index) {
      int at = index * KEVENT_SIZE + FILTER_OFFSET;
      return WIDE ? buffer.getInt(at) : buffer.getShort(at);
    }

    /** {@code EV_*}. */
    public int flags(int index) {
      int at = index * KEVENT_SIZE + FLAGS_OFFSET;
      return WIDE ? buffer.getInt(at) : buffer.getShort(at) & 0xffff;
    }

    /** {@code NOTE_*}. */
    public int fflags(int index) {
      return buffer.getInt(index * KEVENT_SIZE + FFLAGS_OFFSET);
    }

    /** The filter's data. */
    public long data(int index) {
      return buffer.getLong(index * KEVENT_SIZE + DATA_OFFSET);
    }

    /** What was attached. */
    public long udata(int index) {
      return buffer.getLong(index * KEVENT_SIZE + UDATA_OFFSET);
    }
  }

  private static native long constant(String name);

  private static native int create();

  private static native int hungUp();

  private static native int control(
      int kqueue, long changes, int changeCount, long events, int maximum, long nanos);
}
