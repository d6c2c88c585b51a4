package io.github.selectors4j.select;

import io.github.selectors4j.HasFileno;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.fileobject.OwnFileno;
import io.github.selectors4j.internal.system.EpollRefusal;
import io.github.selectors4j.internal.system.EpollShim;
import io.github.selectors4j.internal.system.SystemCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An epoll set, epoll(7): Python's {@code select.epoll}. Constants that this system lacks are 0.
 *
 * <pre>{@code
 * try (Epoll epoll = Epoll.open()) {
 *   epoll.register(pipe.source(), EPOLLIN | EPOLLET);
 *   for (FdEvent event : epoll.poll(Duration.ofSeconds(1), -1)) {
 *     handle(event); // read until there is nothing left: it is not reported again
 *   }
 * }
 * }</pre>
 *
 * <p>Any thread may call any method at any time; several may poll at once. A close during a poll
 * does not end it: the descriptor is released when the poll ends. After {@link #close()} every
 * method but {@code close} and {@link #isClosed()} throws an {@link IllegalStateException}.
 *
 * @see <a
 *     href="https://docs.python.org/3/library/select.html#edge-and-level-trigger-polling-epoll-objects">
 *     Python's epoll objects</a>
 */
@OwnFileno
public final class Epoll implements AutoCloseable, HasFileno {

  /** Available for read. */
  public static final int EPOLLIN = EpollShim.value("EPOLLIN");

  /** Urgent data for read. */
  public static final int EPOLLPRI = EpollShim.value("EPOLLPRI");

  /** Available for write. */
  public static final int EPOLLOUT = EpollShim.value("EPOLLOUT");

  /** An error; always reported. */
  public static final int EPOLLERR = EpollShim.value("EPOLLERR");

  /** Hang-up; always reported. */
  public static final int EPOLLHUP = EpollShim.value("EPOLLHUP");

  /** The peer has shut down writing. */
  public static final int EPOLLRDHUP = EpollShim.value("EPOLLRDHUP");

  /** As {@link #EPOLLIN}. */
  public static final int EPOLLRDNORM = EpollShim.value("EPOLLRDNORM");

  /** Priority data band can be read. */
  public static final int EPOLLRDBAND = EpollShim.value("EPOLLRDBAND");

  /** As {@link #EPOLLOUT}. */
  public static final int EPOLLWRNORM = EpollShim.value("EPOLLWRNORM");

  /** Priority data may be written. */
  public static final int EPOLLWRBAND = EpollShim.value("EPOLLWRBAND");

  /** Ignored by the kernel. */
  public static final int EPOLLMSG = EpollShim.value("EPOLLMSG");

  /** Edge-triggered instead of level-triggered. */
  public static final int EPOLLET = EpollShim.value("EPOLLET");

  /** One event, then none until {@link #modify}. */
  public static final int EPOLLONESHOT = EpollShim.value("EPOLLONESHOT");

  /** Wakes one epoll set of several that watch the same file. */
  public static final int EPOLLEXCLUSIVE = EpollShim.value("EPOLLEXCLUSIVE");

  /** Keeps the system from suspending while the event is handled. */
  public static final int EPOLLWAKEUP = EpollShim.value("EPOLLWAKEUP");

  /** As Python, one less than {@code FD_SETSIZE}. */
  private static final int DEFAULT_MAXIMUM = 1023;

  private final SharedDescriptor epoll;
  private final AtomicReference<EpollShim.@Nullable Events> spare = new AtomicReference<>();

  private Epoll(int epfd) {
    epoll = new SharedDescriptor(epfd);
  }

  /**
   * Whether this system has epoll, found out by opening one.
   *
   * @return false only when the platform lacks it
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static boolean isAvailable() {
    return Availability.of(Epoll::open);
  }

  /**
   * Opens an epoll set, close-on-exec.
   *
   * @return a new, empty set
   * @throws UnsupportedOperationException when the platform lacks epoll
   * @throws IOException when the system refuses, for want of descriptors for example
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static Epoll open() throws IOException {
    return new Epoll(EpollShim.open());
  }

  /**
   * An object for an epoll set that somebody else opened. From now on, {@link #close()} of this
   * object closes it.
   *
   * @param fd an epoll set's descriptor, not negative; it is not checked whether it is one
   * @return an object for it
   * @throws IllegalArgumentException when the descriptor is negative
   * @throws UnsupportedOperationException when the platform lacks epoll
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static Epoll fromFd(int fd) {
    EpollShim.require();
    return new Epoll(Arguments.checkDescriptor(fd));
  }

  /**
   * Adds a file object, for {@link #EPOLLIN}, {@link #EPOLLPRI} and {@link #EPOLLOUT}.
   *
   * @param fileobj a file object
   * @throws IllegalArgumentException when it has no descriptor
   * @throws SystemCallException as {@link #register(Object, int)}
   * @throws IOException from {@link HasFileno#fileno()}
   */
  public void register(Object fileobj) throws IOException {
    register(fileobj, EPOLLIN | EPOLLPRI | EPOLLOUT);
  }

  /**
   * Adds a file object. The change takes effect on polls in progress.
   *
   * @param fileobj a file object
   * @param eventmask any {@code EPOLL*} bits
   * @throws IllegalArgumentException when it has no descriptor
   * @throws SystemCallException when the kernel refuses: EEXIST for one that is there already,
   *     EPERM for a regular file, EBADF for one that is not open
   * @throws IOException from {@link HasFileno#fileno()}
   */
  public void register(Object fileobj, int eventmask) throws IOException {
    control(EpollShim.ADD, fileobj, eventmask);
  }

  /**
   * Changes what a file object is watched for. The change takes effect on polls in progress.
   *
   * @param fileobj a file object
   * @param eventmask any {@code EPOLL*} bits
   * @throws IllegalArgumentException when it has no descriptor
   * @throws SystemCallException when the kernel refuses: ENOENT for one that is not there
   * @throws IOException from {@link HasFileno#fileno()}
   */
  public void modify(Object fileobj, int eventmask) throws IOException {
    control(EpollShim.MOD, fileobj, eventmask);
  }

  /**
   * Takes a file object out.
   *
   * @param fileobj a file object
   * @throws IllegalArgumentException when it has no descriptor
   * @throws SystemCallException when the kernel refuses: ENOENT for one that is not there, EBADF
   *     for one that is closed
   * @throws IOException from {@link HasFileno#fileno()}
   */
  public void unregister(Object fileobj) throws IOException {
    control(EpollShim.DEL, fileobj, 0);
  }

  /**
   * Waits for events: epoll_wait(2), or epoll_pwait2(2) when the timeout is not of whole
   * milliseconds. A signal does not end the wait.
   *
   * @param timeout null or negative waits for as long as it takes, zero does not wait. A positive
   *     one is waited for in full, to the nanosecond where the system can, else rounded up to
   *     milliseconds.
   * @param maxEvents how many events to return at most; -1 for 1023
   * @return the events; empty when the time is up
   * @throws IllegalArgumentException when maxEvents is 0 or less than -1, or the timeout exceeds
   *     2147483647 ms
   * @throws SystemCallException when the system call fails
   * @throws IOException never otherwise
   */
  public List<FdEvent> poll(@Nullable Duration timeout, int maxEvents) throws IOException {
    int epfd = epoll.acquire();
    try {
      int maximum = maxEvents == -1 ? DEFAULT_MAXIMUM : Arguments.room(maxEvents);
      if (maximum <= 0) {
        throw new IllegalArgumentException("maxEvents " + maxEvents + ": must be positive, or -1");
      }
      long nanos = Arguments.nanosOrForEver(timeout);
      EpollShim.Events events = room(maximum);
      int found =
          SystemCalls.check(
              SystemCalls.await(left -> EpollShim.await(epfd, events, maximum, left), nanos),
              "epoll_wait(fd " + epfd + ")");
      List<FdEvent> result = new ArrayList<>(found);
      for (int i = 0; i < found; i++) {
        result.add(new FdEvent((int) events.data(i), events.events(i)));
      }
      spare.set(events);
      return result;
    } finally {
      epoll.release();
    }
  }

  /**
   * The set's own descriptor, for others to watch. It stays this object's to close.
   *
   * @return the descriptor
   */
  @Override
  public int fileno() {
    return epoll.get();
  }

  /**
   * Whether {@link #close()} has been called.
   *
   * @return true once this is closed
   */
  public boolean isClosed() {
    return epoll.isClosed();
  }

  /** Closes the set. Later calls do nothing. */
  @Override
  public void close() {
    epoll.close();
  }

  private EpollShim.Events room(int maximum) {
    EpollShim.Events events = spare.getAndSet(null);
    return events != null && events.capacity() >= maximum ? events : new EpollShim.Events(maximum);
  }

  private void control(int operation, Object fileobj, int eventmask) throws IOException {
    int epfd = epoll.acquire();
    try {
      int fd = Arguments.descriptor(fileobj);
      int result = EpollShim.control(epfd, operation, fd, eventmask, fd);
      if (result < 0) {
        throw EpollRefusal.of(operation, fd, -result, epfd);
      }
    } finally {
      epoll.release();
    }
  }
}
