package io.github.selectors4j;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A thread that selects, whose outcome another thread awaits. */
public final class SelectThread<T> implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;

  private final FutureTask<T> task;
  private final Thread thread;

  private SelectThread(ThreadFactory factory, Callable<T> body) {
    task = new FutureTask<>(body);
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
   * Returns once the thread has been seen in a shim's system call, or parked in an await; fails
   * when it ends before.
   */
  public void awaitBlocked() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!isInSystemCall() && LockSupport.getBlocker(thread) == null) {
      if (task.isDone() || System.nanoTime() - deadline > 0) {
        throw new AssertionError("does not wait: " + task);
      }
      Thread.sleep(1);
    }
  }

  private boolean isInSystemCall() {
    StackTraceElement[] stack = thread.getStackTrace();
    return stack.length > 0
        && stack[0].isNativeMethod()
        && stack[0].getClassName().startsWith("io.github.selectors4j.internal.")
        && !stack[0].getMethodName().equals("membarrier"); // which takes long, and ends by itself
  }

  /** Whether a thread is in one native method, and stays there for a while. */
  public static boolean isInside(Thread thread, String method) throws InterruptedException {
    for (int look = 0; look < 5; look++) {
      StackTraceElement[] stack = thread.getStackTrace();
      if (stack.length == 0 || !stack[0].getMethodName().equals(method)) {
        return false;
      }
      Thread.sleep(1);
    }
    return true;
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
    try {
      return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
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
