package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A thread of some kind that awaits, whose outcome another thread awaits. */
final class AwaitThread implements AutoCloseable {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final SelectThread<Integer> thread;

  private AwaitThread(SelectThread<Integer> thread) {
    this.thread = thread;
  }

  /** Starts one, which returns what it was told, and that it parks. */
  static AwaitThread start(ThreadFactory kind, Callable<Integer> await) throws Exception {
    AwaitThread started = new AwaitThread(SelectThread.start(kind, await));
    started.thread.awaitParked();
    return started;
  }

  /** The same for an await without a timeout. */
  static AwaitThread start(ThreadFactory kind, Awaiter awaiter, Object fileobj, int events)
      throws Exception {
    return start(kind, () -> awaiter.await(fileobj, events));
  }

  /** The same with a timeout. */
  static AwaitThread start(
      ThreadFactory kind, Awaiter awaiter, Object fileobj, int events, Duration timeout)
      throws Exception {
    return start(kind, () -> awaiter.await(fileobj, events, timeout));
  }

  /** The threads that wait for all who await. */
  static Set<Thread> pollers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("selectors4j-awaiter"))
        .collect(Collectors.toSet());
  }

  /** Waits until there are no more of them than these: the others' awaiters are closed. */
  static void awaitPollers(Set<Thread> before) throws InterruptedException {
    for (Thread poller : pollers()) {
      if (!before.contains(poller)) {
        poller.join(TimeUnit.NANOSECONDS.toMillis(PATIENCE_NANOS));
        assertFalse(poller.isAlive(), "its awaiter is closed, but it goes on");
      }
    }
  }

  /** Returns once it is parked in its await, with what it says of itself there. */
  Object awaitParked() throws InterruptedException {
    return thread.awaitParked();
  }

  Thread thread() {
    return thread.thread();
  }

  boolean isDone() {
    return thread.isDone();
  }

  /** The events that it was told. */
  int result() throws Exception {
    return thread.result();
  }

  /** The class of what it has thrown. */
  Class<?> failure() throws Exception {
    return exception().getClass();
  }

  /** What it has thrown. */
  Throwable exception() throws Exception {
    return thread.failure();
  }

  /** Ends the await by an interrupt, if it hasn't ended, and waits for the thread. */
  @Override
  public void close() {
    thread.close();
  }
}
