package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Many virtual threads that wait, on one carrier and on two: none of them holds one up. */
@Tag("mechanism-independent")
@Timeout(120)
@EnabledForJreRange(min = JRE.JAVA_21)
class AwaiterVirtualThreadsTest {

  private static final int THREADS = 10_000;
  private static final int PIPES = 500;
  private static final long PATIENCE_SECONDS = 60;

  @Test
  void onOneCarrier() throws Exception {
    assertEquals(List.of("all have waited", "all have read"), run(1));
  }

  @Test
  void onTwoCarriers() throws Exception {
    assertEquals(List.of("all have waited", "all have read"), run(2));
  }

  /** Also while a virtual thread has the set, which can't go on as long as this one is mounted. */
  @Test
  void closeInAVirtualThreadReleasesAllBeforeItReturns() throws Exception {
    assertEquals(List.of("released 20"), run(1, Closing.class));
  }

  private static List<String> run(int carriers) throws Exception {
    return run(carriers, Child.class);
  }

  private static List<String> run(int carriers, Class<?> main) throws Exception {
    List<String> command = ChildJvm.command(main);
    command.add(1, "-Djdk.virtualThreadScheduler.parallelism=" + carriers);
    command.add(1, "-Djdk.virtualThreadScheduler.maxPoolSize=" + carriers);
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    child.getOutputStream().close();
    try (var output = child.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines = output.lines().toList();
      assertEquals(0, child.waitFor(), lines::toString);
      return lines;
    }
  }

  /** The main class of that JVM. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws Exception {
      ThreadFactory kind = ThreadKinds.all().get(1);
      List<TestPipe> pipes = new ArrayList<>();
      for (int i = 0; i < PIPES; i++) {
        pipes.add(TestPipe.open());
      }
      try (Awaiter awaiter = Awaiter.open()) {
        waitOut(awaiter, kind, pipes);
        read(awaiter, kind, pipes);
      }
      pipes.forEach(TestPipe::close);
    }

    /** If they held up their carriers, this would take them a long time, one after the other. */
    private static void waitOut(Awaiter awaiter, ThreadFactory kind, List<TestPipe> pipes)
        throws Exception {
      CountDownLatch left = new CountDownLatch(THREADS);
      for (int i = 0; i < THREADS; i++) {
        TestPipe pipe = pipes.get(i % PIPES);
        kind.newThread(
                () -> {
                  try {
                    if (awaiter.await(pipe.source, EVENT_READ, Duration.ofMillis(500)) == 0) {
                      left.countDown();
                    }
                  } catch (Exception e) {
                    e.printStackTrace(System.out);
                  }
                })
            .start();
      }
      boolean all = left.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      System.out.println(all ? "all have waited" : left.getCount() + " have not waited");
    }

    private static void read(Awaiter awaiter, ThreadFactory kind, List<TestPipe> pipes)
        throws Exception {
      CountDownLatch begun = new CountDownLatch(THREADS);
      CountDownLatch left = new CountDownLatch(THREADS);
      AtomicInteger read = new AtomicInteger();
      for (int i = 0; i < THREADS; i++) {
        TestPipe pipe = pipes.get(i % PIPES);
        TestLibrary.check(TestLibrary.setFl(pipe.source, TestLibrary.O_NONBLOCK));
        kind.newThread(
                () -> {
                  begun.countDown();
                  try {
                    byte[] bytes = new byte[1];
                    do {
                      awaiter.await(pipe.source, EVENT_READ);
                    } while (TestLibrary.read(pipe.source, bytes, 1) != 1);
                    read.incrementAndGet();
                    left.countDown();
                  } catch (Exception e) {
                    e.printStackTrace(System.out);
                  }
                })
            .start();
      }
      begun.await();
      for (int i = 0; i < THREADS; i++) {
        pipes.get(i % PIPES).write();
      }
      boolean all = left.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      System.out.println(all ? "all have read" : "read " + read + " of " + THREADS);
    }
  }

  /** The main class of another one. */
  static final class Closing {
    private static final int ROUNDS = 20;
    private static final int PIPES = 16;

    /** How long a close waits for a poller that a busy machine may keep from its processor. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** After which that is tried again, at most so often: one that waits in vain always does. */
    private static final int MOST_LATE = 10;

    private Closing() {}

    public static void main(String[] arguments) throws Exception {
      ThreadFactory kind = ThreadKinds.all().get(1);
      List<TestPipe> pipes = new ArrayList<>();
      for (int i = 0; i < PIPES; i++) {
        pipes.add(TestPipe.open());
      }
      pipes.forEach(TestPipe::write);
      Map<Integer, String> before = DescriptorLeakCheck.openDescriptors();
      AtomicInteger released = new AtomicInteger();
      AtomicInteger late = new AtomicInteger();
      for (int i = 0; i < ROUNDS + Math.min(late.get(), MOST_LATE); i++) {
        Awaiter awaiter = Awaiter.open();
        Thread poller = poller();
        List<Thread> threads = new ArrayList<>();
        for (int j = 0; j < PIPES; j++) {
          TestPipe from = pipes.get(j);
          TestPipe to = pipes.get((j + 1) % PIPES);
          threads.add(kind.newThread(() -> pass(awaiter, from, to)));
        }
        threads.add(
            kind.newThread(
                () -> {
                  while (LockSupport.getBlocker(poller) == null) {
                    LockSupport.parkNanos(10_000);
                  }
                  long start = System.nanoTime();
                  awaiter.close();
                  boolean isLate = System.nanoTime() - start >= PATIENCE_NANOS;
                  try {
                    if (DescriptorLeakCheck.openDescriptors().equals(before)) {
                      released.incrementAndGet();
                    } else if (isLate) {
                      late.incrementAndGet();
                    }
                  } catch (IOException e) {
                    e.printStackTrace(System.out);
                  }
                }));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
          thread.join();
        }
        ProcessStreamsTest.awaitDescriptors(before);
      }
      System.out.println("released " + released);
      pipes.forEach(TestPipe::close);
    }

    /** The latest, whose blocker is there while a virtual thread has the set. */
    private static Thread poller() {
      return AwaitThread.pollers().stream().max(Comparator.comparing(Thread::getId)).orElseThrow();
    }

    /** Bytes go round, as fast as they can, for as long as the awaiter is open. */
    private static void pass(Awaiter awaiter, TestPipe from, TestPipe to) {
      try {
        while (true) {
          awaiter.await(from.source, EVENT_READ);
          from.read();
          to.write();
        }
      } catch (ClosedSelectorException e) {
        // That is the end.
      } catch (IOException | InterruptedException e) {
        e.printStackTrace(System.out);
      }
    }
  }
}
