package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Signals that interrupt a thread's system calls (EINTR), one every millisecond or so. */
public final class SignalStorm {
  private static final int SIGNAL = TestLibrary.SIGUSR1;
  private static final long INTERVAL_MILLIS = 1;

  /** Without them it was no test. */
  private static final int FEWEST = 20;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private SignalStorm() {}

  /** What is done in the storm. */
  @FunctionalInterface
  public interface Work {
    /** Does it. */
    void run() throws Exception;
  }

  /**
   * Does the work in a thread of its own, in the storm, and again while hardly any signals came, as
   * may be on a busy machine. Fails if it fails, or if none come.
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
                do {
                  work.run();
                } while (TestLibrary.signalsHandled() - before < FEWEST
                    && System.nanoTime() - start < PATIENCE_NANOS);
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
    int signals = TestLibrary.signalsHandled() - before;
    assertTrue(signals >= FEWEST, () -> "only " + signals + " signals came");
    return signals;
  }
}
