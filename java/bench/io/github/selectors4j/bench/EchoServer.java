package io.github.selectors4j.bench;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.channels.DescriptorChannel;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;

/**
 * An echo server in one thread: over this library, {@code java.nio} or Netty's epoll transport.
 * Prints its port, and ends with its standard input.
 */
final class EchoServer {

  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final int BACKLOG = 1024;

  private EchoServer() {}

  public static void main(String[] arguments) throws Exception {
    Thread end = new Thread(EchoServer::exitWithInput);
    end.setDaemon(true);
    end.start();
    switch (arguments[0]) {
      case "selectors4j" -> overSelector(false);
      case "selectors4j-c" -> overSelector(true);
      case "selectors4j-channels" -> overDescriptorChannels();
      case "nio" -> overNio();
      case "netty" -> overNetty();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void exitWithInput() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      System.exit(0);
    }
  }

  private static ServerSocketChannel listening() throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT, BACKLOG);
    server.configureBlocking(false);
    System.out.println(((InetSocketAddress) server.getLocalAddress()).getPort());
    return server;
  }

  private static java.nio.channels.SocketChannel accept(ServerSocketChannel server)
      throws IOException {
    java.nio.channels.SocketChannel channel = server.accept();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return channel;
  }

  /** Returns false at the end of the stream or when the client has gone. */
  private static boolean echo(ByteChannel channel, ByteBuffer buffer) throws IOException {
    try {
      if (channel.read(buffer.clear()) >= 0) {
        channel.write(buffer.flip());
        return true;
      }
    } catch (IOException reset) {
      // As good as its end.
    }
    return false;
  }

  /** In C, the bytes are read and written with two system calls, without the JDK's channel. */
  private static void overSelector(boolean inC) throws IOException {
    BaseSelector selector = DefaultSelector.open();
    ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
    ServerSocketChannel server = listening();
    selector.register(server, BaseSelector.EVENT_READ);
    for (; ; ) {
      selector.select(
          null,
          (key, events) -> {
            if (key.fileobj() == server) {
              selector.register(accept(server), BaseSelector.EVENT_READ);
              return;
            }
            java.nio.channels.SocketChannel channel =
                (java.nio.channels.SocketChannel) key.fileobj();
            if (!(inC ? Natives.echo(key.fd()) : echo(channel, buffer))) {
              selector.unregister(channel);
              channel.close();
            }
          });
    }
  }

  /** No channel of the JDK's but the one that listens: a connection is a number with a channel. */
  private static void overDescriptorChannels() throws IOException {
    BaseSelector selector = DefaultSelector.open();
    ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
    DescriptorChannel server = DescriptorChannel.of(listening()).configureBlocking(false);
    selector.register(server, BaseSelector.EVENT_READ);
    for (; ; ) {
      selector.select(
          null,
          (key, events) -> {
            DescriptorChannel channel = (DescriptorChannel) key.fileobj();
            if (channel == server) {
              DescriptorChannel accepted = server.accept();
              if (accepted != null) {
                Natives.noDelay(accepted.fileno());
                selector.register(accepted.configureBlocking(false), BaseSelector.EVENT_READ);
              }
            } else if (!echo(channel, buffer)) {
              selector.unregister(channel);
              channel.close();
            }
          });
    }
  }

  private static void overNio() throws IOException {
    Selector selector = Selector.open();
    ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
    ServerSocketChannel server = listening();
    server.register(selector, SelectionKey.OP_ACCEPT);
    for (; ; ) {
      selector.select(
          key -> {
            try {
              if (key.isAcceptable()) {
                accept(server).register(selector, SelectionKey.OP_READ);
              } else if (!echo((java.nio.channels.SocketChannel) key.channel(), buffer)) {
                key.channel().close();
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  private static void overNetty() throws InterruptedException {
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    ChannelInitializer<SocketChannel> initializer =
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(SocketChannel channel) {
            channel
                .pipeline()
                .addLast(
                    new ChannelInboundHandlerAdapter() {
                      @Override
                      public void channelRead(ChannelHandlerContext context, Object message) {
                        context.writeAndFlush(message, context.voidPromise());
                      }
                    });
          }
        };
    io.netty.channel.Channel server =
        new ServerBootstrap()
            .group(group)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(initializer)
            .bind(ANY_PORT)
            .sync()
            .channel();
    System.out.println(((InetSocketAddress) server.localAddress()).getPort());
    server.closeFuture().sync();
  }
}
