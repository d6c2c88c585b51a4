package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.ReadyHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * An event loop: one thread runs the handlers of ready descriptors, the timers that are due, and
 * the tasks that other threads hand it. Nothing in it needs a lock, and it sleeps until there is
 * something to do.
 */
public final class TimersAndTasks implements Executor, AutoCloseable {
  private record Timer(long deadline, Runnable action) {}

  private final BaseSelector selector = DefaultSelector.open();
  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>((a, b) -> Long.signum(a.deadline - b.deadline)); // nanoTime may wrap
  private boolean running = true;

  public TimersAndTasks() throws IOException {}

  /** Runs a task in the loop, soon. Any thread may call this. */
  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  /** Runs an action in the loop once a delay has passed. Any thread may call this. */
  public void schedule(Duration delay, Runnable action) {
    Timer timer = new Timer(System.nanoTime() + delay.toNanos(), action);
    execute(() -> timers.add(timer));
  }

  /** Calls a handler in the loop whenever a file object is ready. Any thread may call this. */
  public void watch(Object fileobj, int events, ReadyHandler handler) throws IOException {
    selector.register(fileobj, events, handler);
  }

  /** Runs the loop in this thread until {@link #stop}. */
  public void run() throws IOException {
    List<Runnable> batch = new ArrayList<>();
    while (running) {
      selector.selectNanos(
          nanosToNextTimer(), (key, events) -> ((ReadyHandler) key.data()).ready(key, events));
      runTimers();
      tasks.drainTo(batch); // a task that these add waits for the next turn
      batch.forEach(Runnable::run);
      batch.clear();
    }
  }

  /** Ends the loop after the current turn; to be called in the loop. */
  public void stop() {
    running = false;
  }

  @Override
  public void close() {
    selector.close();
  }

  private long nanosToNextTimer() {
    Timer next = timers.peek();
    return next == null ? Long.MAX_VALUE : next.deadline - System.nanoTime();
  }

  private void runTimers() {
    long now = System.nanoTime();
    for (Timer timer = timers.peek();
        timer != null && timer.deadline - now <= 0;
        timer = timers.peek()) {
      timers.remove();
      timer.action.run();
    }
  }

  /** Shows all three at once, for a second. */
  public static void main(String[] args) throws IOException {
    if (args.length > 0) {
      System.err.println("usage: TimersAndTasks");
      System.exit(2);
    }
    long start = System.nanoTime();
    Consumer<String> log =
        what -> System.out.printf("%4d ms: %s%n", (System.nanoTime() - start) / 1_000_000, what);
    try (TimersAndTasks loop = new TimersAndTasks()) {
      Pipe pipe = Pipe.open();
      ByteBuffer buffer = ByteBuffer.allocate(100);
      loop.watch(
          pipe.source(),
          EVENT_READ,
          (key, events) -> log.accept(pipe.source().read(buffer.clear()) + " bytes have come"));
      pipe.sink().write(ByteBuffer.wrap(new byte[5]));
      loop.schedule(Duration.ofMillis(250), () -> tick(loop, log));
      loop.schedule(Duration.ofSeconds(1), loop::stop);
      Thread worker =
          new Thread(
              () -> {
                long sum = LongStream.rangeClosed(1, 10_000_000).sum();
                loop.execute(() -> log.accept("a thread has found the sum " + sum));
              });
      worker.start();
      loop.run();
    }
  }

  private static void tick(TimersAndTasks loop, Consumer<String> log) {
    log.accept("tick");
    loop.schedule(Duration.ofMillis(250), () -> tick(loop, log));
  }
}
