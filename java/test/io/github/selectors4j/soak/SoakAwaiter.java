package io.github.selectors4j.soak;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.TestLibrary.check;

import io.github.selectors4j.Awaiter;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.TestLibrary;
import io.github.selectors4j.ThreadKinds;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that come by the thousand, wait some times each, by one awaiter, for an eventfd of their
 * own, and go, for {@code scripts/soak}. What ends a wait is chosen at random, and has to end it as
 * the contract says. It prints a line when it is ready, and one of JSON for each line of its
 * standard input, with which it ends:
 *
 * <ul>
 *   <li>{@code state}: how many waits there were, what was wrong, and its heap after a garbage
 *       collection;
 *   <li>{@code round}: the same, after all threads have come and gone.
 * </ul>
 */
class SoakAwaiter {
  private static final int WAITS = 5;
  private static final Duration SHORT = Duration.ofMillis(2);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** Before what ends a wait is tried again that has not begun. */
  private static final long RETRY_NANOS = 20_000;

  /** What ends a wait, and how. */
  private enum Way {
    NUMBER("1"),
    TIMEOUT("0"),
    CANCEL("AsynchronousCloseException"),
    INTERRUPT("InterruptedException"),
    /** Who waits for a mere number is told of what it names now. */
    REUSE("AsynchronousCloseException", "1"),
    CLOSE("ClosedSelectorException");

    final List<String> outcomes;

    Way(String... outcomes) {
      this.outcomes = List.of(outcomes);
    }
  }

  private record Wish(Way way, int fd, Thread thread) {}

  final Awaiter awaiter;
  final ThreadFactory kind;
  private final Mechanism mechanism;
  private final int threads;
  private final LinkedBlockingQueue<Wish> wishes = new LinkedBlockingQueue<>();
  private final AtomicInteger unfulfilled = new AtomicInteger();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicLong waits = new AtomicLong();

  SoakAwaiter(Mechanism mechanism, int threads) throws IOException, ReflectiveOperationException {
    this.mechanism = mechanism;
    this.threads = threads;
    List<ThreadFactory> kinds = ThreadKinds.all();
    kind = kinds.get(kinds.size() - 1);
    awaiter = Awaiter.open(mechanism);
  }

  public static void main(String[] arguments) throws Exception {
    new SoakAwaiter(Mechanism.valueOf(arguments[0]), Integer.parseInt(arguments[1])).run();
  }

  /** A wait has ended, the how manieth of all. */
  void ended(long number) throws IOException {}

  final void run() throws Exception {
    for (int i = 0; i < 2; i++) {
      Thread fulfilling = new Thread(this::fulfilWishes, "fulfils wishes");
      fulfilling.setDaemon(true);
      fulfilling.start();
    }
    System.out.println("ready");
    try (var lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      for (String line; (line = lines.readLine()) != null; ) {
        if (line.equals("round")) {
          round();
        }
        tell();
      }
    }
    awaiter.close();
  }

  private void round() throws Exception {
    Awaiter passing = Awaiter.open(mechanism);
    CountDownLatch almostDone = new CountDownLatch(threads);
    List<Thread> visitors = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread visitor = kind.newThread(() -> visit(passing, almostDone));
      visitor.start();
      visitors.add(visitor);
    }
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    almostDone.await(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
    passing.close();
    for (Thread visitor : visitors) {
      visitor.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
      if (visitor.isAlive()) {
        wrong.add("left waiting: " + LockSupport.getBlocker(visitor));
        visitor.interrupt();
      }
    }
    // Whose number was reused has gone, perhaps before the number is closed.
    while (unfulfilled.get() != 0) {
      if (System.nanoTime() - deadline > 0) {
        wrong.add("left unfulfilled: " + unfulfilled);
        return;
      }
      LockSupport.parkNanos(RETRY_NANOS);
    }
  }

  private void visit(Awaiter passing, CountDownLatch almostDone) {
    int fd = -1;
    boolean isMine = true;
    try {
      fd = check(TestLibrary.eventfd(0));
      for (int i = 0; i < WAITS && isMine; i++) {
        Way way = Way.values()[ThreadLocalRandom.current().nextInt(Way.values().length)];
        if (way == Way.CLOSE) {
          almostDone.countDown();
          expect(passing, fd, way);
          return;
        }
        expect(awaiter, fd, way);
        isMine = way != Way.REUSE;
      }
      almostDone.countDown();
    } catch (Throwable t) {
      wrong.add(t.toString());
    } finally {
      if (isMine) {
        TestLibrary.close(fd);
      }
    }
  }

  private void expect(Awaiter by, int fd, Way way) throws IOException {
    if (way != Way.CLOSE && way != Way.TIMEOUT) {
      unfulfilled.incrementAndGet();
      wishes.add(new Wish(way, fd, Thread.currentThread()));
    }
    long start = System.nanoTime();
    String outcome;
    try {
      outcome = Integer.toString(by.await(fd, EVENT_READ, way == Way.TIMEOUT ? SHORT : null));
    } catch (AsynchronousCloseException | ClosedSelectorException | InterruptedException e) {
      outcome = e.getClass().getSimpleName();
    }
    if (!way.outcomes.contains(outcome)) {
      wrong.add(way + " ended in " + outcome);
    }
    if (way == Way.TIMEOUT && System.nanoTime() - start < SHORT.toNanos()) {
      wrong.add("a timeout was cut short");
    }
    if (way == Way.NUMBER) {
      check(TestLibrary.read(fd, new byte[Long.BYTES], Long.BYTES));
    }
    ended(waits.incrementAndGet());
  }

  private void fulfilWishes() {
    while (true) {
      try {
        Wish wish = wishes.take();
        if (fulfil(wish)) {
          unfulfilled.decrementAndGet();
        } else {
          wishes.add(wish);
          LockSupport.parkNanos(RETRY_NANOS);
        }
      } catch (Throwable t) {
        wrong.add(t.toString());
      }
    }
  }

  /** False when there is nobody yet to do it to. */
  private boolean fulfil(Wish wish) throws IOException, InterruptedException {
    return switch (wish.way) {
      case NUMBER -> {
        byte[] one = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(1).array();
        check(TestLibrary.write(wish.fd, one, one.length));
        yield true;
      }
      case INTERRUPT -> {
        wish.thread.interrupt();
        yield true;
      }
      case CANCEL -> awaiter.cancel(wish.fd) == 1;
      case REUSE -> isAwaiting(wish) && reuse(wish.fd);
      case TIMEOUT, CLOSE -> throw new IllegalArgumentException(wish.toString());
    };
  }

  /** Whether the thread is parked for its number: to wish, too, it may have to wait for a lock. */
  private static boolean isAwaiting(Wish wish) {
    return String.valueOf(LockSupport.getBlocker(wish.thread)).contains(" fd " + wish.fd + ",");
  }

  private boolean reuse(int fd) throws IOException, InterruptedException {
    int other = check(TestLibrary.eventfd(1));
    check(TestLibrary.dup2(other, fd));
    check(TestLibrary.close(other));
    if (awaiter.await(fd, EVENT_READ) != EVENT_READ) {
      wrong.add("the number's next file is not ready");
    }
    // Nobody else waits for it any more, or is told of it yet.
    check(TestLibrary.close(fd));
    return true;
  }

  private void tell() {
    String first = wrong.isEmpty() ? "" : wrong.peek().replaceAll("[\"\\\\]", "'");
    System.out.printf(
        "{%s, \"waits\": %d, \"wrong\": %d, \"first_wrong\": \"%s\"}%n",
        MemoryUse.members(), waits.get(), wrong.size(), first);
  }
}
