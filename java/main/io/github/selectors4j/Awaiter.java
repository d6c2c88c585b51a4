package io.github.selectors4j;

import io.github.selectors4j.internal.awaiting.SharedWaiters;
import io.github.selectors4j.internal.awaiting.Waiters;
import io.github.selectors4j.internal.system.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits for one file object, be it a platform thread or a virtual one, which parks
 * and frees its carrier.
 *
 * <pre>{@code
 * Awaiter.shared().await(source, EVENT_READ);
 * return source.read(ByteBuffer.allocate(1));
 * }</pre>
 *
 * <p>File objects and events are those of {@link BaseSelector}, and what is refused is what a
 * {@link DefaultSelector} refuses. What is always ready, as a regular file is, is ready at once.
 *
 * <p>Any number of threads may await one descriptor, by one object or by several, for the same
 * events or for others. All whose events match are let go, so who reads then does so without
 * blocking or is the only reader. Between awaits nothing is reported, and a descriptor that nobody
 * awaits costs nothing. Of a file whose poll takes the event away, as {@code /proc/self/mountinfo}
 * for {@code EVENT_PRIORITY}, what happens between two awaits may be lost.
 *
 * <p>Call {@link #cancel} before you close a descriptor that may be awaited. If it is closed all
 * the same, who awaits it goes on waiting, until the time is up or the number is awaited for
 * another file: then it gets an {@link java.nio.channels.AsynchronousCloseException}. With epoll
 * and kqueue nobody is told of a file that he did not await; elsewhere a number is a number, as in
 * the selectors. Where there is no {@code /proc} to ask, as proc_pid_fdinfo(5) has it, or no
 * descriptor left to do so, epoll can't tell a file that comes back to a number from the one that
 * was awaited under it in between, unless that is a socket.
 *
 * <p>Any thread may call any method. An awaiter has a daemon thread that waits for all of them, and
 * on a Java that has virtual threads, one of those that helps it while there is much to report.
 */
public final class Awaiter implements AutoCloseable {

  private static final Awaiter SHARED = new Awaiter(null);

  private final @Nullable Waiters own;

  private Awaiter(@Nullable Waiters own) {
    this.own = own;
  }

  /**
   * Opens an awaiter that uses {@link Mechanism#best()}.
   *
   * @return a new awaiter; close it in the end
   * @throws IllegalArgumentException when the property {@code selectors4j.mechanism} names no
   *     mechanism
   * @throws UnsupportedOperationException when it names one that the platform lacks
   * @throws IOException when the system refuses, for want of descriptors for example
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static Awaiter open() throws IOException {
    return open(Mechanism.best());
  }

  /**
   * Opens an awaiter that uses a mechanism; what that refuses is left to another one.
   *
   * @param mechanism which one
   * @return a new awaiter; close it in the end
   * @throws UnsupportedOperationException when the platform lacks the mechanism
   * @throws IOException when the system refuses, for want of descriptors for example
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static Awaiter open(Mechanism mechanism) throws IOException {
    return new Awaiter(new Waiters(Objects.requireNonNull(mechanism, "mechanism")));
  }

  /**
   * The process's own, which uses {@link Mechanism#best()}. It opens its descriptors at the first
   * await, and keeps them.
   *
   * @return always the same one, which can't be closed
   */
  public static Awaiter shared() {
    return SHARED;
  }

  /**
   * Waits for as long as it takes.
   *
   * @param fileobj a file object
   * @param events one or more of {@link BaseSelector#EVENT_READ}, {@link BaseSelector#EVENT_WRITE},
   *     {@link BaseSelector#EVENT_PRIORITY} and {@link BaseSelector#EVENT_HANGUP}
   * @return those events for which it is ready, never 0
   * @throws InterruptedException as {@link #await(Object, int, Duration)}
   * @throws IOException as {@link #await(Object, int, Duration)}
   */
  public int await(Object fileobj, int events) throws IOException, InterruptedException {
    return await(fileobj, events, null);
  }

  /**
   * Waits until a file object is ready for some of the events, or the time is up.
   *
   * @param fileobj a file object
   * @param events one or more of {@link BaseSelector#EVENT_READ}, {@link BaseSelector#EVENT_WRITE},
   *     {@link BaseSelector#EVENT_PRIORITY} and {@link BaseSelector#EVENT_HANGUP}
   * @param timeout null waits for as long as it takes, zero or less looks once. A positive one is
   *     waited for in full; from 292 years on, it makes no difference how long it is.
   * @return those events for which it is ready; 0 when the time is up
   * @throws IllegalArgumentException when events is 0 or has another bit, or this is no file
   *     object, or has no descriptor or a negative one
   * @throws UnsupportedOperationException when the mechanism can't wait for these events, or the
   *     system for a process
   * @throws InterruptedException when the thread is interrupted, before or during the wait; the
   *     status is cleared then. If the file object is ready by the time that an interrupt during
   *     the wait is noticed, this returns instead, and the status stays.
   * @throws java.nio.channels.AsynchronousCloseException when it was cancelled, or was closed and
   *     its number is awaited for another file
   * @throws java.nio.channels.ClosedSelectorException when the awaiter is closed, before or during
   *     the wait
   * @throws SystemCallException when the descriptor is not open, or was opened with O_PATH (EBADF),
   *     or the system refuses; the message says why
   * @throws IOException from {@link HasFileno#fileno()}; at the first await of {@link #shared()} as
   *     {@link #open()}
   */
  public int await(Object fileobj, int events, @Nullable Duration timeout)
      throws IOException, InterruptedException {
    Objects.requireNonNull(fileobj, "fileobj");
    return waiters().await(fileobj, events, Timeouts.nanos(timeout));
  }

  private Waiters waiters() throws IOException {
    return own != null ? own : SharedWaiters.get();
  }

  /**
   * Has all who await a file object throw {@link java.nio.channels.AsynchronousCloseException}. It
   * is looked up by identity, also after it was closed, then by its number.
   *
   * @param fileobj what is awaited, or something with the same descriptor
   * @return how many threads that were
   * @throws java.nio.channels.ClosedSelectorException when the awaiter is closed
   */
  public int cancel(Object fileobj) {
    Objects.requireNonNull(fileobj, "fileobj");
    Waiters opened = own != null ? own : SharedWaiters.ifOpen();
    return opened == null ? 0 : opened.cancel(fileobj);
  }

  /**
   * Has all who wait throw {@link java.nio.channels.ClosedSelectorException}, ends the threads and
   * releases the descriptors. Does nothing if it is closed already.
   *
   * @throws UnsupportedOperationException of the shared awaiter
   * @throws java.io.UncheckedIOException when the system refuses to wake a thread: call it again
   */
  @Override
  public void close() {
    if (own == null) {
      throw new UnsupportedOperationException("the shared awaiter can't be closed");
    }
    own.close();
  }

  /** What it waits with, and whether it is closed. */
  @Override
  public String toString() {
    if (own == null) {
      return "Awaiter[shared]";
    }
    return "Awaiter[" + own.mechanism() + (own.isClosed() ? ", closed]" : "]");
  }
}
