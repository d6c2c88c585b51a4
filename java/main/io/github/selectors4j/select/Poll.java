package io.github.selectors4j.select;

import io.github.selectors4j.HasFileno;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.fileobject.FileObjects;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.PollShim;
import io.github.selectors4j.internal.system.SystemCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A list of descriptors for poll(2): Python's {@code select.poll}. Constants that this system lacks
 * are 0.
 *
 * <pre>{@code
 * try (Poll poll = Poll.open()) {
 *   poll.register(pipe.source(), POLLIN);
 *   for (FdEvent event : poll.poll(Duration.ofSeconds(1))) {
 *     handle(event);
 *   }
 * }
 * }</pre>
 *
 * <p>Any thread may change the list, also during a poll; the change takes effect with the next one.
 * One thread polls at a time. After {@link #close()} every other method throws an {@link
 * IllegalStateException}.
 *
 * @see <a href="https://docs.python.org/3/library/select.html#polling-objects">Python's polling
 *     objects</a>
 */
public final class Poll implements AutoCloseable {

  /** There is data to read. */
  public static final int POLLIN = PollShim.value("POLLIN");

  /** There is urgent data to read. */
  public static final int POLLPRI = PollShim.value("POLLPRI");

  /** Ready for output: writing will not block. */
  public static final int POLLOUT = PollShim.value("POLLOUT");

  /** An error; always reported. */
  public static final int POLLERR = PollShim.value("POLLERR");

  /** Hung up; always reported. */
  public static final int POLLHUP = PollShim.value("POLLHUP");

  /** The descriptor is not open; always reported. */
  public static final int POLLNVAL = PollShim.value("POLLNVAL");

  /** The peer has shut down writing. */
  public static final int POLLRDHUP = PollShim.value("POLLRDHUP");

  /** Normal data may be read. */
  public static final int POLLRDNORM = PollShim.value("POLLRDNORM");

  /** Priority data may be read. */
  public static final int POLLRDBAND = PollShim.value("POLLRDBAND");

  /** Normal data may be written. */
  public static final int POLLWRNORM = PollShim.value("POLLWRNORM");

  /** Priority data may be written. */
  public static final int POLLWRBAND = PollShim.value("POLLWRBAND");

  /** A message; unused on Linux. */
  public static final int POLLMSG = PollShim.value("POLLMSG");

  private final Map<Integer, Integer> eventmasks = new LinkedHashMap<>();
  private PollShim.Pollfds pollfds = new PollShim.Pollfds(1);
  private boolean polling;
  private boolean closed;

  private Poll() {}

  /**
   * Whether this system has poll.
   *
   * @return false only when the platform lacks it
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static boolean isAvailable() {
    return Availability.of(Poll::open);
  }

  /**
   * Makes an empty list.
   *
   * @return a new polling object
   * @throws UnsupportedOperationException when the platform lacks poll
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static Poll open() {
    PollShim.require();
    return new Poll();
  }

  /**
   * Adds a file object for {@link #POLLIN}, {@link #POLLPRI} and {@link #POLLOUT}.
   *
   * @param fileobj a file object
   * @throws IllegalArgumentException when it has no descriptor
   * @throws IOException from {@link HasFileno#fileno()}
   */
  public void register(Object fileobj) throws IOException {
    register(fileobj, POLLIN | POLLPRI | POLLOUT);
  }

  /**
   * Adds a file object, or changes what it is watched for. One that is not open shows when it is
   * polled, as {@link #POLLNVAL}.
   *
   * @param fileobj a file object
   * @param eventmask {@code POLL*} bits, from 0 to 0xffff
   * @throws IllegalArgumentException when it has no descriptor, or the mask is out of range
   * @throws IOException from {@link HasFileno#fileno()}
   */
  public void register(Object fileobj, int eventmask) throws IOException {
    int fd = Arguments.descriptor(fileobj);
    Arguments.checkPollEvents(eventmask);
    put(fd, eventmask);
  }

  /**
   * Changes what a file object is watched for.
   *
   * @param fileobj a file object
   * @param eventmask {@code POLL*} bits, from 0 to 0xffff
   * @throws IllegalArgumentException when it has no descriptor, or the mask is out of range
   * @throws SystemCallException ENOENT when it is not in the list
   * @throws IOException from {@link HasFileno#fileno()}
   */
  public void modify(Object fileobj, int eventmask) throws IOException {
    int fd = Arguments.descriptor(fileobj);
    Arguments.checkPollEvents(eventmask);
    synchronized (eventmasks) {
      requireOpen();
      if (!eventmasks.containsKey(fd)) {
        throw Errno.exception("poll(modify, fd " + fd + ")", Errno.ENOENT);
      }
      put(fd, eventmask);
    }
  }

  /**
   * Takes a file object out of the list.
   *
   * @param fileobj a file object
   * @throws IllegalArgumentException when it has no descriptor
   * @throws NoSuchElementException when it is not in the list
   * @throws IOException from {@link HasFileno#fileno()}
   */
  public void unregister(Object fileobj) throws IOException {
    int fd = Arguments.descriptor(fileobj);
    synchronized (eventmasks) {
      requireOpen();
      if (eventmasks.remove(fd) == null) {
        throw new NoSuchElementException(
            FileObjects.describe(fileobj) + " (fd " + fd + ") is not registered");
      }
    }
  }

  /**
   * Waits for events: poll(2). A signal does not end the wait.
   *
   * @param timeout null or negative waits for as long as it takes, zero does not wait. A positive
   *     one is waited for in full, to the nanosecond where the system can, else rounded up to
   *     milliseconds.
   * @return the events in the order of registration; empty when the time is up
   * @throws IllegalStateException when another thread is polling
   * @throws IllegalArgumentException when the timeout exceeds 2147483647 ms
   * @throws SystemCallException when the system call fails
   * @throws IOException never otherwise
   */
  public List<FdEvent> poll(@Nullable Duration timeout) throws IOException {
    int count = begin();
    try {
      long nanos = Arguments.nanosOrForEver(timeout);
      int found = SystemCalls.await(left -> PollShim.await(pollfds, 0, count, left), nanos);
      if (found < 0) {
        throw Errno.exception(
            "poll(" + count + " descriptors)", -found, Descriptors.limitAdvice(-found, count));
      }
      List<FdEvent> events = new ArrayList<>(found);
      for (int i = 0; events.size() < found; i++) {
        if (pollfds.revents(i) != 0) {
          events.add(new FdEvent(pollfds.fd(i), pollfds.revents(i)));
        }
      }
      return events;
    } finally {
      synchronized (eventmasks) {
        polling = false;
      }
    }
  }

  /**
   * Empties the list, which has no descriptor of its own. A poll in progress goes on. Later calls
   * do nothing.
   */
  @Override
  public void close() {
    synchronized (eventmasks) {
      closed = true;
      eventmasks.clear();
    }
  }

  private void put(int fd, int eventmask) {
    synchronized (eventmasks) {
      requireOpen();
      eventmasks.put(fd, eventmask);
    }
  }

  /** Copies the list for the call, and returns its length. */
  private int begin() {
    synchronized (eventmasks) {
      requireOpen();
      if (polling) {
        throw new IllegalStateException("another thread is polling");
      }
      if (eventmasks.size() > pollfds.capacity()) {
        pollfds = new PollShim.Pollfds(2 * eventmasks.size());
      }
      int count = 0;
      for (Map.Entry<Integer, Integer> entry : eventmasks.entrySet()) {
        pollfds.set(count++, entry.getKey(), entry.getValue());
      }
      polling = true;
      return count;
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this Poll is closed");
    }
  }
}
