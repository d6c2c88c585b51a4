package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Signals that interrupt a thread's system calls (EINTR), one every millisecond or so. */
public final class SignalStorm {
  private static final int SIGNAL = TestLibrary.SIGUSR1;
  private static final long INTERVAL_MILLIS = 1;

  /** Far fewer come on no machine, however busy; without them it was no test. */
  private static final int FEWEST = 5;

  /** A thread that never waits gets several signals as one when it has to share its processor. */
  private static final long LONGEST_INTERVAL_MILLIS = 50;

  private SignalStorm() {}

  /** What is done in the storm. */
  @FunctionalInterface
  public interface Work {
    /** Does it. */
    void run() throws Exception;
  }

  /**
   * Does the work in a thread of its own, in the storm; fails if it fails, or hardly any came.
   *
   * @return how many signals came
   */
  public static int weather(Work work) throws Exception {
    TestLibrary.check(TestLibrary.installHandler(SIGNAL));
    CompletableFuture<Long> stormed = new CompletableFuture<>();
    CountDownLatch done = new CountDownLatch(1);
    CountDownLatch calm = new CountDownLatch(1);
    int before = TestLibrary.signalsHandled();
    long start = System.nanoTime();
    try (SelectThread<Void> thread =
        SelectThread.start(
            () -> {
              stormed.complete(TestLibrary.threadSelf());
              try {
                work.run();
              } finally {
                done.countDown();
                calm.await(); // A signal to a thread that is gone would be fatal.
              }
              return null;
            })) {
      while (!done.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
        TestLibrary.check(TestLibrary.pthreadKill(stormed.get(), SIGNAL));
      }
      calm.countDown();
      thread.result();
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    int signals = TestLibrary.signalsHandled() - before;
    assertTrue(
        signals >= Math.max(FEWEST, millis / LONGEST_INTERVAL_MILLIS),
        () -> "only " + signals + " signals came in " + millis + " ms");
    return signals;
  }
}
