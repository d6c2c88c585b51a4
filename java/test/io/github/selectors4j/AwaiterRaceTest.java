package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** What ends an await, all at once: nobody is lost, told twice, or told what is another's. */
@Timeout(120)
@Tag(Interposed.TOO)
class AwaiterRaceTest {

  private static final int ROUNDS = 100;
  private static final int THREADS = 4;
  private static final Duration LONG = Duration.ofSeconds(30);

  /** Readers of one pipe: each byte is read once, and nobody sleeps while there is one. */
  @EveryMechanismAndThread
  void readersOfOnePipe(Mechanism mechanism, ThreadFactory kind) throws Exception {
    try (Awaiter awaiter = Awaiter.open(mechanism);
        TestPipe pipe = TestPipe.open()) {
      TestLibrary.check(TestLibrary.setFl(pipe.source, TestLibrary.O_NONBLOCK));
      int bytes = THREADS * ROUNDS;
      AtomicInteger left = new AtomicInteger(bytes);
      List<SelectThread<Integer>> readers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        readers.add(SelectThread.start(kind, () -> read(awaiter, pipe, left)));
      }
      for (int i = 0; i < bytes; i++) {
        pipe.write();
        if (i % 7 == 0) {
          Rendezvous.pause();
        }
      }
      // Whoever finds none left is let go by what stays.
      int sum = 0;
      while (left.get() > 0) {
        Thread.onSpinWait();
      }
      pipe.closeSink();
      for (SelectThread<Integer> reader : readers) {
        sum += reader.result();
      }
      assertEquals(bytes, sum);
    }
  }

  private static int read(Awaiter awaiter, TestPipe pipe, AtomicInteger left) throws Exception {
    byte[] one = new byte[1];
    for (int count = 0; ; ) {
      assertEquals(EVENT_READ, awaiter.await(pipe.source, EVENT_READ, LONG));
      int result = TestLibrary.read(pipe.source, one, 1);
      if (result == 0) {
        return count;
      }
      if (result == 1) {
        count++;
        left.decrementAndGet();
      }
    }
  }

  /** Timeouts, interrupts, cancels and readiness, of readers and writers of one socket. */
  @EveryMechanismAndThread
  void everythingThatEndsAnAwait(Mechanism mechanism, ThreadFactory kind) throws Exception {
    try (Awaiter awaiter = Awaiter.open(mechanism)) {
      TestDescriptor.Pair pair = TestDescriptor.socketPair();
      try (TestDescriptor rd = pair.rd();
          TestDescriptor wr = pair.wr()) {
        List<SelectThread<Void>> threads = new ArrayList<>();
        AtomicInteger running = new AtomicInteger(THREADS);
        AtomicInteger thrown = new AtomicInteger();
        int cancelled = 0;
        for (int i = 0; i < THREADS; i++) {
          int events = i % 2 == 0 ? EVENT_READ : EVENT_READ | EVENT_WRITE;
          threads.add(
              SelectThread.start(
                  kind,
                  () -> {
                    try {
                      awaitSomehow(awaiter, rd, events, thrown);
                    } finally {
                      running.decrementAndGet();
                    }
                    return null;
                  }));
        }
        byte[] one = new byte[1];
        TestLibrary.check(TestLibrary.setFl(rd.fileno(), TestLibrary.O_NONBLOCK));
        while (running.get() > 0) {
          switch (ThreadLocalRandom.current().nextInt(4)) {
            case 0 -> cancelled += awaiter.cancel(rd);
            case 1 ->
                threads.get(ThreadLocalRandom.current().nextInt(THREADS)).thread().interrupt();
            case 2 -> TestLibrary.write(wr.fileno(), one, 1);
            default -> TestLibrary.read(rd.fileno(), one, 1);
          }
          Rendezvous.pause();
        }
        for (SelectThread<Void> thread : threads) {
          thread.result();
        }
        assertEquals(cancelled, thrown.get(), "who was cancelled, and who was told so");
        wr.write("x");
        Elapsed elapsed = Elapsed.start();
        assertEquals(EVENT_READ, awaiter.await(rd, EVENT_READ, LONG), "it still works");
        elapsed.assertPrompt(); // and is told, not found by the last look
      }
    }
  }

  private static void awaitSomehow(
      Awaiter awaiter, Object fileobj, int events, AtomicInteger cancelled) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Duration timeout = Duration.ofNanos(ThreadLocalRandom.current().nextInt(200_000));
      try {
        int ready = awaiter.await(fileobj, events, round % 3 == 0 ? timeout : LONG);
        assertTrue((ready & ~events) == 0 && (ready != 0 || round % 3 == 0), "told " + ready);
      } catch (AsynchronousCloseException expected) {
        cancelled.incrementAndGet();
      } catch (InterruptedException expected) {
        continue;
      }
    }
  }

  @EveryMechanismAndThread
  void closeAgainstAllOfIt(Mechanism mechanism, ThreadFactory kind) throws Exception {
    Set<Thread> before = AwaitThread.pollers();
    for (int round = 0; round < ROUNDS / 4; round++) {
      Awaiter awaiter = Awaiter.open(mechanism);
      try (TestPipe pipe = TestPipe.open();
          TestPipe other = TestPipe.open()) {
        Rendezvous start = new Rendezvous(4);
        List<SelectThread<Void>> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          TestPipe awaited = i == 0 ? other : pipe;
          threads.add(
              SelectThread.start(
                  i == 2 ? SelectThread::daemon : kind,
                  () -> {
                    start.race();
                    try {
                      while (true) {
                        awaiter.await(awaited.source, EVENT_READ, Duration.ofNanos(1000));
                        awaiter.cancel(pipe.source);
                      }
                    } catch (AsynchronousCloseException cancelled) {
                      return waitForEver(awaiter, awaited);
                    } catch (ClosedSelectorException closed) {
                      return null;
                    }
                  }));
        }
        start.race();
        pipe.write();
        awaiter.close();
        for (SelectThread<Void> thread : threads) {
          thread.result();
        }
      } finally {
        awaiter.close();
      }
    }
    AwaitThread.awaitPollers(before);
  }

  private static Void waitForEver(Awaiter awaiter, TestPipe awaited) throws Exception {
    while (true) {
      try {
        awaiter.await(awaited.source, EVENT_READ);
      } catch (AsynchronousCloseException cancelled) {
        continue;
      } catch (ClosedSelectorException closed) {
        return null;
      }
    }
  }
}
