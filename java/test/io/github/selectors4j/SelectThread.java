package io.github.selectors4j;

import static java.util.stream.Collectors.toList;

import io.github.selectors4j.internal.system.VirtualThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** A thread that selects, whose outcome another thread awaits. */
public final class SelectThread<T> implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;
  private static final int LOOKS_WITHOUT_STATUS = 5;
  private static final String OURS = "io.github.selectors4j.internal.";

  /**
   * How the names of virtual threads' carriers begin; one of them sleeps in a pinned one's call.
   */
  private static final String CARRIERS = "ForkJoinPool-1-worker";

  private final FutureTask<T> task;
  private final Thread thread;

  /** Where Linux tells of the thread; empty where nothing does, and null before it runs. */
  private volatile List<Path> statuses;

  private SelectThread(ThreadFactory factory, Callable<T> body) {
    task =
        new FutureTask<>(
            () -> {
              statuses =
                  VirtualThreads.isVirtual(Thread.currentThread())
                      ? List.of()
                      : ThreadSleep.ofCurrentThread();
              return body.call();
            });
    thread = factory.newThread(task);
  }

  /** Starts it. */
  public static <T> SelectThread<T> start(Callable<T> body) {
    return start(SelectThread::daemon, body);
  }

  /** Starts it as another kind of thread. */
  public static <T> SelectThread<T> start(ThreadFactory factory, Callable<T> body) {
    SelectThread<T> started = new SelectThread<>(factory, body);
    started.thread.start();
    return started;
  }

  /** A platform thread that does not keep the JVM from its end. */
  static Thread daemon(Runnable body) {
    Thread thread = new Thread(body, "select");
    thread.setDaemon(true);
    return thread;
  }

  /** Starts it, and returns once it waits in its mechanism's system call. */
  public static <T> SelectThread<T> startBlocked(Callable<T> body) throws InterruptedException {
    SelectThread<T> started = start(body);
    started.awaitBlocked();
    return started;
  }

  /** Starts an await, and returns once it is parked in it. */
  public static <T> SelectThread<T> startParked(Callable<T> body) throws InterruptedException {
    SelectThread<T> started = start(body);
    started.awaitParked();
    return started;
  }

  /** Starts a select, and returns once it is in its handler, which stays until a latch opens. */
  static SelectThread<Integer> startInHandler(BaseSelector selector, CountDownLatch end)
      throws InterruptedException {
    CountDownLatch inHandler = new CountDownLatch(1);
    SelectThread<Integer> started =
        start(
            () ->
                selector.select(
                    null,
                    (key, events) -> {
                      inHandler.countDown();
                      awaitUninterruptibly(end);
                    }));
    inHandler.await();
    return started;
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Returns once the thread has been seen asleep in a shim's system call, or parked in an await;
   * fails when it ends before.
   */
  public void awaitBlocked() throws InterruptedException {
    awaitSign(() -> blocker() != null || sleepsIn(SelectThread::isSystemCall));
  }

  /** Returns once the thread is parked in an await, with what it says of itself there. */
  public Object awaitParked() throws InterruptedException {
    Object[] seen = new Object[1];
    awaitSign(() -> (seen[0] = blocker()) != null);
    return seen[0];
  }

  /** Null also for a lock's queue, in which a thread waits before it awaits. */
  private Object blocker() {
    Object blocker = LockSupport.getBlocker(thread);
    return blocker != null && blocker.getClass().getName().startsWith(OURS) ? blocker : null;
  }

  private void awaitSign(BooleanSupplier sign) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!sign.getAsBoolean()) {
      if (task.isDone() || System.nanoTime() - deadline > 0) {
        throw new AssertionError("does not wait: " + task + ", " + thread);
      }
      Thread.sleep(0, 100_000);
    }
  }

  /** Whether the thread sleeps in one native method. */
  public boolean sleepsIn(String method) {
    return sleepsIn(frame -> frame.getMethodName().equals(method));
  }

  private boolean sleepsIn(Predicate<StackTraceElement> call) {
    List<Path> told = statuses;
    if (told == null) {
      return false;
    }
    try {
      boolean isVirtual = VirtualThreads.isVirtual(thread);
      return sleepsIn(thread, isVirtual ? ThreadSleep.of(CARRIERS) : told, call);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a thread sleeps in one native method, and those of the same name anywhere. */
  static boolean sleepsIn(Thread thread, String method) throws IOException {
    return sleepsIn(
        thread, ThreadSleep.of(thread.getName()), frame -> frame.getMethodName().equals(method));
  }

  private static boolean sleepsIn(
      Thread thread, List<Path> told, Predicate<StackTraceElement> call) {
    List<String> sleeps = told.stream().map(ThreadSleep::in).collect(toList());
    if (sleeps.contains(null)) {
      return false;
    }
    int looks = told.isEmpty() ? LOOKS_WITHOUT_STATUS : 1;
    for (int look = 0; look < looks; look++) {
      if (look > 0) {
        LockSupport.parkNanos(1_000_000);
      }
      if (!isIn(thread, call)) {
        return false;
      }
    }
    return sleeps.equals(told.stream().map(ThreadSleep::in).collect(toList()));
  }

  private static boolean isIn(Thread thread, Predicate<StackTraceElement> call) {
    StackTraceElement[] stack = thread.getStackTrace();
    return stack.length > 0 && stack[0].isNativeMethod() && call.test(stack[0]);
  }

  private static boolean isSystemCall(StackTraceElement frame) {
    return frame.getClassName().startsWith(OURS)
        && !frame.getMethodName().equals("membarrier"); // which sleeps, and ends by itself
  }

  /** The thread itself, to interrupt it or to look at it. */
  public Thread thread() {
    return thread;
  }

  /** Whether the body has returned or thrown. */
  public boolean isDone() {
    return task.isDone();
  }

  /** What the body returned. */
  public T result() throws Exception {
    return result(PATIENCE_SECONDS);
  }

  /** The same of a body that may take so many seconds. */
  T result(long seconds) throws Exception {
    try {
      return task.get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("select failed", e.getCause());
    }
  }

  /** What the body threw; fails when it returned. */
  public Throwable failure() throws Exception {
    try {
      throw new AssertionError("returned " + task.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  /** Ends the select by an interrupt, if it hasn't ended, and waits for the thread. */
  @Override
  public void close() {
    thread.interrupt();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (thread.isAlive()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("an interrupt does not end it: " + thread);
      }
      LockSupport.parkNanos(100_000);
    }
  }
}
