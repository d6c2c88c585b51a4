package io.github.selectors4j.frameworks;

import io.github.selectors4j.channels.Loop;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/** A selector of Jetty 12. */
public final class JettyLoop implements Loop {
  private final QueuedThreadPool threads = new QueuedThreadPool();
  private final ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler();
  private final SelectorManager manager = new Manager();
  private final ManagedSelector selector;

  public JettyLoop() throws Exception {
    threads.start();
    scheduler.start();
    manager.start();
    selector = manager.getBean(ManagedSelector.class);
  }

  record Ready(Runnable whenReady) implements ManagedSelector.Selectable {
    @Override
    public Runnable onSelected() {
      whenReady.run();
      return null; // or what a thread of the pool is to do
    }

    @Override
    public void updateKey() {}

    @Override
    public void replaceKey(SelectionKey key) {}
  }

  @Override
  public AutoCloseable watch(SelectableChannel channel, int ops, Runnable whenReady)
      throws Exception {
    CompletableFuture<SelectionKey> key = new CompletableFuture<>();
    selector.submit(
        selector -> {
          try {
            key.complete(channel.register(selector, ops, new Ready(whenReady)));
          } catch (ClosedChannelException e) {
            key.completeExceptionally(e);
          }
        });
    return key.get()::cancel;
  }

  @Override
  public void execute(Runnable task) {
    selector.submit(selector -> task.run());
  }

  @Override
  public void close() throws IOException {
    try {
      manager.stop();
      scheduler.stop();
      threads.stop();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  /** Its own connections are not what is tested. */
  private final class Manager extends SelectorManager {
    Manager() {
      super(threads, scheduler, 1);
    }

    @Override
    protected EndPoint newEndPoint(
        SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Connection newConnection(
        SelectableChannel channel, EndPoint endPoint, Object attachment) {
      throw new UnsupportedOperationException();
    }
  }
}
