package io.github.selectors4j.internal.system;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.loading.NativeLibrary;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;

/** An epoll set, over {@code native/epoll.c}: epoll(7). */
public final class EpollShim {

  private static final boolean BOUND = NativeLibrary.bind(EpollShim.class);
  private static final int EVENT_SIZE = value("sizeof");
  private static final int EVENTS_OFFSET = value("events");
  private static final int DATA_OFFSET = value("data");

  /** {@code EPOLL_CTL_ADD}. */
  public static final int ADD = value("EPOLL_CTL_ADD");

  /** {@code EPOLL_CTL_MOD}. */
  public static final int MOD = value("EPOLL_CTL_MOD");

  /** {@code EPOLL_CTL_DEL}. */
  public static final int DEL = value("EPOLL_CTL_DEL");

  /** Old kernels, emulators and containers' filters lack epoll_pwait2. */
  private static volatile boolean waitsNanos = true;

  private EpollShim() {}

  /** The named constant, 0 where there is no epoll. */
  public static int value(String name) {
    return BOUND ? (int) constant(name) : 0;
  }

  /** Whether this platform has epoll. */
  public static boolean isPresent() {
    return BOUND;
  }

  /** Throws unless this platform has epoll. */
  public static void require() {
    if (!BOUND) {
      throw SystemCalls.unbound("epoll");
    }
  }

  /** A new epoll set's descriptor. */
  public static int open() throws SystemCallException {
    require();
    int set = create();
    return set >= 0 ? set : SystemCalls.checkPresent(set, "epoll", "epoll_create1()");
  }

  /** What {@link #control} did, for messages. */
  public static String describe(int operation, int fd) {
    String name = operation == ADD ? "ADD" : operation == MOD ? "MOD" : "DEL";
    return "epoll_ctl(" + name + ", fd " + fd + ")";
  }

  /**
   * Waits as epoll_wait(2), or epoll_pwait2(2) when the timeout is not whole milliseconds: the
   * latter costs a good part more.
   *
   * @param first where the first event goes
   * @param maximum how many events to fill in at most
   * @param timeoutNanos negative waits for ever
   * @return how many events were filled in, or {@code -errno}
   */
  public static int await(int epfd, Events events, int first, int maximum, long timeoutNanos) {
    Objects.checkFromIndexSize(first, maximum, events.capacity);
    long address = events.address + (long) first * EVENT_SIZE;
    try {
      if (waitsNanos && !Timeouts.isWholeMillis(timeoutNanos)) {
        int result = waitNanos(epfd, address, maximum, timeoutNanos);
        if (result != -Errno.ENOSYS && result != -Errno.EPERM) {
          return result;
        }
        waitsNanos = false;
      }
      return waitMillis(epfd, address, maximum, Timeouts.millis(timeoutNanos));
    } finally {
      Reference.reachabilityFence(events);
    }
  }

  /** The same, from the first event on. */
  public static int await(int epfd, Events events, int maximum, long timeoutNanos) {
    return await(epfd, events, 0, maximum, timeoutNanos);
  }

  /** Memory for the events of one wait. */
  public static final class Events {
    private final DirectMemory memory;
    private final ByteBuffer buffer;
    private final long address;
    private final int capacity;

    /** Room for that many events. */
    public Events(int capacity) {
      this.capacity = capacity;
      memory = new DirectMemory(Math.multiplyExact(capacity, EVENT_SIZE));
      buffer = memory.buffer;
      address = memory.address;
    }

    /** The same events, with room for twice as many. */
    public Events grown() {
      Events larger = new Events(Math.multiplyExact(capacity, 2));
      larger.buffer.put(0, buffer, 0, capacity * EVENT_SIZE);
      return larger;
    }

    /** How many events fit. */
    public int capacity() {
      return capacity;
    }

    /** The event bits of an event. */
    public int events(int index) {
      return buffer.getInt(index * EVENT_SIZE + EVENTS_OFFSET);
    }

    /** Makes up an event. */
    public void set(int index, int events, long data) {
      buffer.putInt(index * EVENT_SIZE + EVENTS_OFFSET, events);
      buffer.putLong(index * EVENT_SIZE + DATA_OFFSET, data);
    }

    /** Adds an event's bits to those of another one, for the same descriptor. */
    public void merge(int from, int to) {
      buffer.putInt(to * EVENT_SIZE + EVENTS_OFFSET, events(from) | events(to));
    }

    /** Copies an event. */
    public void move(int from, int to) {
      buffer.put(to * EVENT_SIZE, buffer, from * EVENT_SIZE, EVENT_SIZE);
    }

    /** What was attached to the descriptor of an event. */
    public long data(int index) {
      return buffer.getLong(index * EVENT_SIZE + DATA_OFFSET);
    }
  }

  private static native long constant(String name);

  private static native int create();

  /** As epoll_ctl(2): 0, or {@code -errno}. */
  public static native int control(int epfd, int operation, int fd, int events, long data);

  private static native int waitMillis(int epfd, long events, int maximum, int millis);

  private static native int waitNanos(int epfd, long events, int maximum, long nanos);

  /** Puts the set {@code from} in place of {@code to}; {@code from} stays open. */
  public static native int replace(int from, int to);
}
