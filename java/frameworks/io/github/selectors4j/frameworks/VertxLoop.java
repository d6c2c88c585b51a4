package io.github.selectors4j.frameworks;

import io.github.selectors4j.channels.Loop;
import io.netty.channel.IoEventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.nio.channels.SelectableChannel;

/** The loop of a Vert.x context: Netty's, which Vert.x shows to those who ask for its internals. */
public final class VertxLoop implements Loop {
  private final Vertx vertx = Vertx.vertx();
  private final ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
  private final NettyLoop loop = new NettyLoop((IoEventLoop) context.nettyEventLoop());

  @Override
  public AutoCloseable watch(SelectableChannel channel, int ops, Runnable whenReady)
      throws Exception {
    return loop.watch(channel, ops, () -> context.emit(ready -> whenReady.run()));
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(task);
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
