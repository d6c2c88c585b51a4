package io.github.selectors4j.channels;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/** The least that a loop can be. */
public final class SelectorLoop implements Loop {
  private final Selector selector = Selector.open();
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Thread thread = new Thread(this::run);

  public SelectorLoop() throws IOException {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        selector.select(key -> ((Runnable) key.attachment()).run());
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
      }
    } catch (ClosedSelectorException closed) {
      // as close() has it
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public AutoCloseable watch(SelectableChannel channel, int ops, Runnable whenReady)
      throws Exception {
    FutureTask<SelectionKey> task =
        new FutureTask<>(() -> channel.register(selector, ops, whenReady));
    execute(task);
    return task.get()::cancel;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  @Override
  public void close() throws IOException {
    selector.close();
    while (thread.isAlive()) {
      LockSupport.parkNanos(1_000_000);
    }
  }
}
