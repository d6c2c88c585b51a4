package io.github.selectors4j.select;

import io.github.selectors4j.HasFileno;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.fileobject.OwnFileno;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.DevpollShim;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.PollShim;
import io.github.selectors4j.internal.system.SystemCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A /dev/poll set, poll(7d) of Solaris and illumos: Python's {@code select.devpoll}. Its events are
 * those of {@link Poll}.
 *
 * <pre>{@code
 * try (Devpoll devpoll = Devpoll.open()) {
 *   devpoll.register(pipe.source(), POLLIN);
 *   for (FdEvent event : devpoll.poll(Duration.ofSeconds(1))) {
 *     handle(event);
 *   }
 * }
 * }</pre>
 *
 * <p>Any thread may call any method at any time. Older Solaris lets a change wait until no thread
 * polls. A close during a poll does not end it: the descriptor is released when the poll ends.
 * After {@link #close()} every method but {@code close} and {@link #isClosed()} throws an {@link
 * IllegalStateException}.
 *
 * @see <a href="https://docs.python.org/3/library/select.html#dev-poll-polling-objects">Python's
 *     /dev/poll polling objects</a>
 */
@OwnFileno
public final class Devpoll implements AutoCloseable, HasFileno {

  private static final int DEFAULT_EVENTS = Poll.POLLIN | Poll.POLLPRI | Poll.POLLOUT;

  private final SharedDescriptor devpoll;
  private final Set<Integer> registered = new HashSet<>();

  private Devpoll(int fd) {
    devpoll = new SharedDescriptor(fd);
  }

  /**
   * Whether this system has /dev/poll, found out by opening it.
   *
   * @return false only when the platform lacks it
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static boolean isAvailable() {
    return Availability.of(Devpoll::open);
  }

  /**
   * Opens a set, close-on-exec.
   *
   * @return a new, empty set
   * @throws UnsupportedOperationException when the platform lacks /dev/poll
   * @throws IOException when the system refuses, for want of descriptors for example
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static Devpoll open() throws IOException {
    return new Devpoll(DevpollShim.open());
  }

  /**
   * Adds a file object for {@link Poll#POLLIN}, {@link Poll#POLLPRI} and {@link Poll#POLLOUT}.
   *
   * @param fileobj a file object
   * @throws IllegalArgumentException when it has no descriptor
   * @throws SystemCallException when the kernel refuses
   * @throws IOException from {@link HasFileno#fileno()}
   */
  public void register(Object fileobj) throws IOException {
    register(fileobj, DEFAULT_EVENTS);
  }

  /**
   * Adds a file object, or adds events to those that it is watched for. One that is not open is
   * never reported.
   *
   * @param fileobj a file object
   * @param eventmask {@code POLL*} bits, from 0 to 0xffff
   * @throws IllegalArgumentException when it has no descriptor, or the mask is out of range
   * @throws SystemCallException when the kernel refuses
   * @throws IOException from {@link HasFileno#fileno()}
   */
  public void register(Object fileobj, int eventmask) throws IOException {
    int fd = Arguments.descriptor(fileobj);
    PollShim.Pollfds changes = new PollShim.Pollfds(1);
    changes.set(0, fd, Arguments.checkPollEvents(eventmask));
    write(fd, changes, 1, true);
  }

  /**
   * Puts events in place of those that a file object is watched for.
   *
   * @param fileobj a file object
   * @param eventmask {@code POLL*} bits, from 0 to 0xffff
   * @throws IllegalArgumentException when it has no descriptor, or the mask is out of range
   * @throws SystemCallException when the kernel refuses
   * @throws IOException from {@link HasFileno#fileno()}
   */
  public void modify(Object fileobj, int eventmask) throws IOException {
    int fd = Arguments.descriptor(fileobj);
    PollShim.Pollfds changes = new PollShim.Pollfds(2);
    changes.set(0, fd, DevpollShim.POLLREMOVE);
    changes.set(1, fd, Arguments.checkPollEvents(eventmask));
    write(fd, changes, 2, true);
  }

  /**
   * Takes a file object out, if it is there.
   *
   * @param fileobj a file object
   * @throws IllegalArgumentException when it has no descriptor
   * @throws SystemCallException when the kernel refuses
   * @throws IOException from {@link HasFileno#fileno()}
   */
  public void unregister(Object fileobj) throws IOException {
    int fd = Arguments.descriptor(fileobj);
    PollShim.Pollfds changes = new PollShim.Pollfds(1);
    changes.set(0, fd, DevpollShim.POLLREMOVE);
    write(fd, changes, 1, false);
  }

  /**
   * Waits for events: {@code ioctl(DP_POLL)}. A signal does not end the wait.
   *
   * @param timeout null or negative waits for as long as it takes, zero does not wait. A positive
   *     one is waited for in full, rounded up to milliseconds.
   * @return the events; empty when the time is up
   * @throws IllegalArgumentException when the timeout exceeds 2147483647 ms
   * @throws SystemCallException when the system call fails
   * @throws IOException never otherwise
   */
  public List<FdEvent> poll(@Nullable Duration timeout) throws IOException {
    int fd = devpoll.acquire();
    try {
      long nanos = Arguments.nanosOrForEver(timeout);
      PollShim.Pollfds ready = new PollShim.Pollfds(room());
      int room = ready.capacity();
      int found = SystemCalls.await(left -> DevpollShim.await(fd, ready, room, left), nanos);
      if (found < 0) {
        throw Errno.exception(
            "ioctl(fd " + fd + ", DP_POLL)", -found, Descriptors.limitAdvice(-found, room));
      }
      List<FdEvent> events = new ArrayList<>(found);
      for (int i = 0; i < found; i++) {
        events.add(new FdEvent(ready.fd(i), ready.revents(i)));
      }
      return events;
    } finally {
      devpoll.release();
    }
  }

  /**
   * The set's own descriptor. It stays this object's to close.
   *
   * @return the descriptor
   */
  @Override
  public int fileno() {
    return devpoll.get();
  }

  /**
   * Whether {@link #close()} has been called.
   *
   * @return true once this is closed
   */
  public boolean isClosed() {
    return devpoll.isClosed();
  }

  /** Closes the set. Later calls do nothing. */
  @Override
  public void close() {
    devpoll.close();
  }

  /**
   * Room for all that may be ready: never for as many as the process may open, which is refused.
   */
  private int room() {
    synchronized (registered) {
      return Math.max(1, registered.size());
    }
  }

  private void write(int fd, PollShim.Pollfds changes, int count, boolean watched)
      throws SystemCallException {
    int set = devpoll.acquire();
    try {
      SystemCalls.check(DevpollShim.write(set, changes, count), "write(/dev/poll, fd " + fd + ")");
      synchronized (registered) {
        if (watched) {
          registered.add(fd);
        } else {
          registered.remove(fd);
        }
      }
    } finally {
      devpoll.release();
    }
  }
}
