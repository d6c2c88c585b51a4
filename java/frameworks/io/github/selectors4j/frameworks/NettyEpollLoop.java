package io.github.selectors4j.frameworks;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A native loop of Netty 4.2. */
public final class NettyEpollLoop implements OuterLoop {

  record ReadableHandle(FileDescriptor fd, Callback callback, CountDownLatch ended)
      implements EpollIoHandle {

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      if (!callback.readable()) {
        registration.cancel();
        ended.countDown();
      }
    }

    @Override
    public void close() {} // the descriptor is the selector's to close
  }

  @Override
  public void run(int fd, Callback callback) throws Exception {
    IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    CountDownLatch ended = new CountDownLatch(1);
    IoEventLoop loop = group.next();
    FileDescriptor descriptor = new FileDescriptor(fd); // of Netty's, around selector.fileno()
    ReadableHandle handle = new ReadableHandle(descriptor, callback, ended);
    IoRegistration registration = loop.register(handle).get();
    loop.execute(() -> registration.submit(EpollIoOps.EPOLLIN));
    ended.await();
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
  }
}
