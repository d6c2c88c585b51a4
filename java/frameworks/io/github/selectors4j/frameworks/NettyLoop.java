package io.github.selectors4j.frameworks;

import io.github.selectors4j.channels.Loop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.nio.NioIoOps;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.TimeUnit;

/** An NIO loop of Netty 4.2. */
public class NettyLoop implements Loop {
  private final IoEventLoopGroup group;
  private final IoEventLoop loop;

  public NettyLoop() {
    group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    loop = group.next();
  }

  /** Somebody else's. */
  NettyLoop(IoEventLoop loop) {
    group = loop;
    this.loop = loop;
  }

  record ReadyHandle(SelectableChannel selectableChannel, Runnable whenReady)
      implements NioIoHandle {

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      whenReady.run();
    }

    @Override
    public void close() {} // the loop ends; the channel may go on in another
  }

  @Override
  public AutoCloseable watch(SelectableChannel channel, int ops, Runnable whenReady)
      throws Exception {
    IoRegistration registration = loop.register(new ReadyHandle(channel, whenReady)).get();
    loop.execute(() -> registration.submit(NioIoOps.valueOf(ops))); // OP_READ, say
    return () -> loop.execute(registration::cancel);
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
