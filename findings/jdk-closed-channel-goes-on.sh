#!/usr/bin/env bash
# A channel that is closed while a selector has a key of it goes on until the next select: a closed
# server accepts connections, and a closed pipe has no end of file.
#
# One would guess that close() of a channel closes: the port is free, who reads the other end of a
# pipe sees its end, and a thread that is blocked in select() on it, if any, sees to it.
#
# In fact a non-blocking channel with a key keeps its descriptor until a selection operation of the
# selector has flushed the key, and close() wakes no selector. A connected socket is at least shut
# down; a Pipe's sink and a ServerSocketChannel, TCP or UNIX, are left as they are. Call wakeup()
# after close(), or cancel and selectNow() before.
#
# Seen with JDK 17.0.15, 25.0.3 and 28-ea, Linux 6.18.44:
#   TCP server closed: a client's connect works
#   TCP server, after selectNow(): a client's connect is refused
#   UNIX server closed: a client's connect works
#   UNIX server, after selectNow(): a client's connect is refused
#   TCP server closed, while a thread is blocked in select(): a client's connect works
#   Pipe's sink closed: the source has no end after 500 ms
#   Pipe's sink, after selectNow(): the source has its end
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export TMPDIR=$temp

cat >"$temp/Finding.java" <<'END'
import java.io.IOException;
import java.net.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.nio.file.*;
import java.util.concurrent.*;

class Finding {
  static ServerSocketChannel server(Selector selector, SocketAddress address) throws IOException {
    var unix = address instanceof UnixDomainSocketAddress;
    var family = unix ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET;
    var server = ServerSocketChannel.open(family).bind(address);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
    selector.selectNow();
    return server;
  }

  static String connect(SocketAddress address) throws IOException {
    try (var client = SocketChannel.open(address)) {
      return "a client's connect works";
    } catch (ConnectException refused) {
      return "a client's connect is refused";
    }
  }

  static void say(String text) {
    System.out.println(text);
  }

  public static void main(String[] arguments) throws Exception {
    var selector = Selector.open();
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var path = UnixDomainSocketAddress.of(Path.of(arguments[0], "socket"));
    for (SocketAddress wanted : new SocketAddress[] {loopback, path}) {
      var name = wanted == path ? "UNIX server" : "TCP server";
      var server = server(selector, wanted);
      var address = server.getLocalAddress();
      server.close();
      say(name + " closed: " + connect(address));
      selector.selectNow();
      say(name + ", after selectNow(): " + connect(address));
    }

    var executor = Executors.newCachedThreadPool();
    var server = server(selector, loopback);
    var address = server.getLocalAddress();
    var selecting = new CountDownLatch(1);
    var selected =
        executor.submit(
            () -> {
              selecting.countDown();
              return selector.select();
            });
    selecting.await();
    Thread.sleep(300);
    server.close();
    Thread.sleep(300);
    if (!selected.isDone())
      say("TCP server closed, while a thread is blocked in select(): " + connect(address));
    selector.wakeup();
    selected.get();

    var pipe = Pipe.open();
    pipe.sink().configureBlocking(false);
    pipe.sink().register(selector, SelectionKey.OP_WRITE);
    selector.selectNow();
    var read = executor.submit(() -> pipe.source().read(ByteBuffer.allocate(1)));
    pipe.sink().close();
    try {
      say("Pipe's sink closed: read gives " + read.get(500, TimeUnit.MILLISECONDS));
    } catch (TimeoutException noEnd) {
      say("Pipe's sink closed: the source has no end after 500 ms");
    }
    selector.selectNow();
    if (read.get(10, TimeUnit.SECONDS) == -1)
      say("Pipe's sink, after selectNow(): the source has its end");
    executor.shutdown();
  }
}
END

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
echo "$(uname -sr), $("$java" --version | sed -n 2p)"
"$java" "$temp/Finding.java" "$temp" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
