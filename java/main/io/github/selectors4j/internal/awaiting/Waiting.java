package io.github.selectors4j.internal.awaiting;

import io.github.selectors4j.HasFileno;
import io.github.selectors4j.internal.fileobject.FileObjects;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;

/**
 * The waits of one channel, by the shared awaiter. They are its own: it ends no others of the same
 * descriptor, and goes on waiting when somebody cancels those.
 */
public final class Waiting implements HasFileno {

  private final int fd;
  private volatile boolean ended;

  /** None so far. */
  public Waiting(int fd) {
    this.fd = fd;
  }

  /**
   * Waits until the descriptor is ready for some of the events, or has ended, or the thread is
   * interrupted; its status stays set then.
   *
   * @throws AsynchronousCloseException once {@link #end} was called
   * @throws IOException as the system refuses
   */
  public void await(int events) throws IOException {
    Waiters waiters = SharedWaiters.get();
    for (boolean isDone = false; !isDone; ) {
      if (ended) {
        throw new AsynchronousCloseException();
      }
      isDone = isDone(waiters, events);
    }
  }

  /** False when somebody has cancelled it, which may have been the end. */
  private boolean isDone(Waiters waiters, int events) throws IOException {
    try {
      waiters.await(this, fd, events, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (AsynchronousCloseException e) {
      return false;
    }
    return true;
  }

  /** Ends all waits, and those that begin later; one that begins just now may need it again. */
  public void end() {
    ended = true;
    Waiters waiters = SharedWaiters.ifOpen();
    if (waiters != null) {
      waiters.cancelOnly(this, fd);
    }
  }

  /** It has no claim on the number any more once it has ended. */
  @Override
  public int fileno() {
    return ended ? FileObjects.NONE : fd;
  }

  @Override
  public String toString() {
    return "a DescriptorChannel";
  }
}
