package io.github.selectors4j.internal.awaiting;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.selecting.Wakeup;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.IoShim;
import io.github.selectors4j.internal.system.PollShim;
import java.nio.channels.AsynchronousCloseException;

/** The waits of one channel, each in a thread of its own, until one of its descriptors is ready. */
public final class Waiting implements AutoCloseable {

  private static final int POLLIN = PollShim.value("POLLIN");
  private static final int POLLOUT = PollShim.value("POLLOUT");

  private final Wakeup wakeup;
  private volatile boolean ended;

  private Waiting(Wakeup wakeup) {
    this.wakeup = wakeup;
  }

  /** None so far. */
  public static Waiting open() throws SystemCallException {
    return new Waiting(Wakeup.open());
  }

  /**
   * Waits until a descriptor is ready for some of the events, or has ended.
   *
   * @throws AsynchronousCloseException once {@link #end} was called
   */
  public void await(int fd, int events) throws AsynchronousCloseException, SystemCallException {
    int pollEvents =
        ((events & Events.READ) != 0 ? POLLIN : 0) | ((events & Events.WRITE) != 0 ? POLLOUT : 0);
    int result;
    do {
      result = IoShim.poll(fd, pollEvents, wakeup.descriptor(), -1);
    } while (result == -Errno.EINTR);
    if (ended) {
      throw new AsynchronousCloseException();
    }
    if (result < 0) {
      throw Errno.exception("poll(fd " + fd + ")", -result);
    }
  }

  /** Ends all waits, and those that begin later. */
  public void end() throws SystemCallException {
    if (!ended) {
      ended = true;
      wakeup.signal();
    }
  }

  /** Releases what the waits had; there are none any more. */
  @Override
  public void close() {
    wakeup.close();
  }
}
