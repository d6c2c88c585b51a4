package io.github.selectors4j.frameworks;

import io.github.selectors4j.channels.Loop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.nio.NioTask;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A loop of Netty 4.1. */
@SuppressWarnings("deprecation") // in 4.2, which compiles this
public final class NettyTaskLoop implements Loop {
  private final EventLoopGroup group = new NioEventLoopGroup(1);
  private final NioEventLoop loop = (NioEventLoop) group.next();

  static final class ReadyTask implements NioTask<SelectableChannel> {
    private final Runnable whenReady;
    private volatile SelectionKey key;

    ReadyTask(Runnable whenReady) {
      this.whenReady = whenReady;
    }

    @Override
    public void channelReady(SelectableChannel channel, SelectionKey key) {
      this.key = key; // Netty hands it out here alone
      whenReady.run();
    }

    @Override
    public void channelUnregistered(SelectableChannel channel, Throwable cause) {}
  }

  @Override
  public AutoCloseable watch(SelectableChannel channel, int ops, Runnable whenReady) {
    ReadyTask task = new ReadyTask(whenReady);
    loop.register(channel, ops, task); // OP_READ, say
    return () -> Objects.requireNonNull(task.key, "never ready, close the channel").cancel();
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(task);
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
