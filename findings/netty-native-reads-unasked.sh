#!/usr/bin/env bash
# With AUTO_READ off, Netty's epoll and io_uring transports hand on what nobody asked for as soon as
# the peer closes; its NIO transport does not.
#
# One would guess that the transports differ in speed: with ChannelOption.AUTO_READ off nothing is
# read before ChannelHandlerContext.read(), which is how back pressure is done, and a peer's close is
# seen when all that came before it was read.
#
# In fact epoll's RDHUP (and io_uring's poll for it) makes those two read to the end and close: the
# handler gets all of what lay in the socket's buffer, and channelInactive, without a single read().
# Over NIO the channel stays active, and gives one buffer for each read().
#
# Seen with Netty 4.2.6.Final, JDK 17.0.15 and 25, Linux 6.18.44, 100 000 bytes and then the peer's
# close:
#   nio: before any read(): 0 bytes, active
#   nio: after one read(): some bytes, active
#   epoll: before any read(): 100000 bytes, inactive
#   io_uring: before any read(): 100000 bytes, inactive
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export TMPDIR=$temp

cat >"$temp/pom.xml" <<'END'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>io.netty</groupId>
      <artifactId>netty-transport-native-epoll</artifactId>
      <version>4.2.6.Final</version>
      <classifier>linux-x86_64</classifier>
    </dependency>
    <dependency>
      <groupId>io.netty</groupId>
      <artifactId>netty-transport-native-io_uring</artifactId>
      <version>4.2.6.Final</version>
      <classifier>linux-x86_64</classifier>
    </dependency>
  </dependencies>
</project>
END
cat >"$temp/Finding.java" <<'END'
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.*;
import io.netty.channel.epoll.*;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.*;
import java.net.*;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class Finding {
  static void look(String name, IoHandlerFactory handlers, Class<? extends Channel> type)
      throws Exception {
    var group = new MultiThreadIoEventLoopGroup(1, handlers);
    var received = new AtomicInteger();
    var counter =
        new ChannelInboundHandlerAdapter() {
          @Override
          public void channelRead(ChannelHandlerContext context, Object message) {
            received.addAndGet(((ByteBuf) message).readableBytes());
            ((ByteBuf) message).release();
          }
        };
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var bootstrap = new Bootstrap().group(group).channel(type).handler(counter);
      bootstrap.option(ChannelOption.AUTO_READ, false);
      bootstrap.option(ChannelOption.SO_RCVBUF, 1 << 20);
      var channel = bootstrap.connect(server.getLocalSocketAddress()).sync().channel();
      try (var peer = server.accept()) {
        peer.getOutputStream().write(new byte[100_000]);
      }
      for (int i = 0; i < 30 && channel.isActive(); i++) Thread.sleep(100);
      System.out.printf(
          "%s: before any read(): %d bytes, %s%n",
          name, received.get(), channel.isActive() ? "active" : "inactive");
      if (channel.isActive()) {
        channel.read();
        for (int i = 0; i < 100 && received.get() == 0; i++) Thread.sleep(100);
        var some = received.get() > 0 && received.get() < 100_000 ? "some" : "" + received;
        System.out.printf(
            "%s: after one read(): %s bytes, %s%n",
            name, some, channel.isActive() ? "active" : "inactive");
      }
      channel.close().sync();
    }
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
  }

  public static void main(String[] arguments) throws Exception {
    look("nio", NioIoHandler.newFactory(), NioSocketChannel.class);
    look("epoll", EpollIoHandler.newFactory(), EpollSocketChannel.class);
    look("io_uring", IoUringIoHandler.newFactory(), IoUringSocketChannel.class);
  }
}
END

mvn -q -B -f "$temp/pom.xml" dependency:copy-dependencies -DoutputDirectory="$temp/jars" \
  >"$temp/maven.log" 2>&1 || { cat "$temp/maven.log" >&2 && exit 1; }
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
echo "$(uname -sr), $("$java" --version | sed -n 2p)"
"$java" -cp "$temp/jars/*" "$temp/Finding.java" 2>"$temp/errors" | tee "$temp/seen" ||
  { cat "$temp/errors" >&2 && exit 1; }
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
