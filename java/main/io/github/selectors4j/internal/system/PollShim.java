package io.github.selectors4j.internal.system;

import io.github.selectors4j.internal.loading.NativeLibrary;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/** poll(2), over {@code native/poll.c}. */
public final class PollShim {

  private static final boolean BOUND = NativeLibrary.bind(PollShim.class);
  private static final int POLLFD_SIZE = value("sizeof");
  private static final int FD_OFFSET = value("fd");
  private static final int EVENTS_OFFSET = value("events");
  private static final int REVENTS_OFFSET = value("revents");

  /** Where they are in one word with the events, which are before them in memory. */
  private static final int REVENTS_SHIFT =
      ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 16 : 0;

  /** Whether poll may take an open device for a number that is not open, as on macOS. */
  private static final boolean REFUSES_DEVICES = value("refuses devices") != 0;

  private static final int POLLNVAL = value("POLLNVAL");

  /** Asks for, and tells of, data that is not urgent, a connection to accept, and the end. */
  public static final int NORMAL_DATA = value("normal data");

  /** Asks for, and tells of, urgent data and other exceptional conditions. */
  public static final int PRIORITY_DATA = value("priority data");

  /** Not every system has ppoll. */
  private static volatile boolean waitsNanos = true;

  private PollShim() {}

  /** Throws unless this platform has poll. */
  public static void require() {
    if (!BOUND) {
      throw SystemCalls.unbound("poll");
    }
  }

  /** The named constant, 0 where this system lacks it. */
  public static int value(String name) {
    return BOUND ? (int) constant(name) : 0;
  }

  /**
   * Waits as ppoll(2), or poll(2) where that is missing.
   *
   * @param first the first of the array's entries to watch
   * @param count how many entries to watch
   * @param timeoutNanos negative waits for ever
   * @return how many entries have events, or {@code -errno}
   */
  public static int await(Pollfds pollfds, int first, int count, long timeoutNanos) {
    pollfds.requireRoom(first + count);
    long address = pollfds.memory.address + Pollfds.bytes(first);
    try {
      if (waitsNanos && !Timeouts.isWholeMillis(timeoutNanos)) {
        int result = waitNanos(address, count, timeoutNanos);
        if (result != -Errno.ENOSYS && result != -Errno.EPERM) {
          return result;
        }
        waitsNanos = false;
      }
      return waitMillis(address, count, Timeouts.millis(timeoutNanos));
    } finally {
      Reference.reachabilityFence(pollfds);
    }
  }

  /** Whether poll would report a descriptor for ever as one that is not open, though it is. */
  public static boolean refuses(int fd) {
    if (!REFUSES_DEVICES || Descriptors.kind(fd) != Descriptors.CHARACTER_DEVICE) {
      return false;
    }
    Pollfds one = new Pollfds(1);
    one.set(0, fd, 0);
    return await(one, 0, 1, 0) == 1 && (one.revents(0) & POLLNVAL) != 0;
  }

  /** The latter of {@link Pollfds#eventsAndRevents}. */
  public static int revents(int eventsAndRevents) {
    return (eventsAndRevents >>> REVENTS_SHIFT) & 0xffff;
  }

  /** Whether they are the same: poll found all that it was asked for, and nothing else. */
  public static boolean isAllReady(int eventsAndRevents) {
    return eventsAndRevents >>> 16 == (eventsAndRevents & 0xffff);
  }

  /** An array of {@code struct pollfd}. */
  public static final class Pollfds {
    final DirectMemory memory;
    private final ByteBuffer buffer;
    private final int capacity;

    /** Room for that many entries. */
    public Pollfds(int capacity) {
      this.capacity = capacity;
      memory = new DirectMemory(Math.multiplyExact(capacity, POLLFD_SIZE));
      buffer = memory.buffer;
    }

    /** The same entries, with room for twice as many. */
    public Pollfds grown() {
      Pollfds larger = new Pollfds(Math.multiplyExact(capacity, 2));
      larger.buffer.put(0, buffer, 0, capacity * POLLFD_SIZE);
      return larger;
    }

    /** How many entries fit. */
    public int capacity() {
      return capacity;
    }

    /** Throws unless that many entries fit. */
    void requireRoom(int count) {
      Objects.checkFromIndexSize(0, count, capacity);
    }

    /** How many bytes that many entries take. */
    static int bytes(int count) {
      return count * POLLFD_SIZE;
    }

    /** Says what to watch a descriptor for. */
    public void set(int index, int fd, int events) {
      buffer.putInt(index * POLLFD_SIZE + FD_OFFSET, fd);
      buffer.putShort(index * POLLFD_SIZE + EVENTS_OFFSET, (short) events);
    }

    /** Copies an entry. */
    public void move(int from, int to) {
      set(to, fd(from), buffer.getShort(from * POLLFD_SIZE + EVENTS_OFFSET));
    }

    /** The descriptor of an entry. */
    public int fd(int index) {
      return buffer.getInt(index * POLLFD_SIZE + FD_OFFSET);
    }

    /** What an entry is watched for, and what poll found for it: one look at memory. */
    public int eventsAndRevents(int index) {
      return buffer.getInt(index * POLLFD_SIZE + EVENTS_OFFSET);
    }

    /** What poll found for an entry. */
    public int revents(int index) {
      return buffer.getShort(index * POLLFD_SIZE + REVENTS_OFFSET) & 0xffff;
    }

    /** Has an entry be as if poll had found nothing for it. */
    public void clear(int index) {
      buffer.putShort(index * POLLFD_SIZE + REVENTS_OFFSET, (short) 0);
    }
  }

  private static native long constant(String name);

  private static native int waitMillis(long pollfds, int count, int millis);

  private static native int waitNanos(long pollfds, int count, long nanos);
}
