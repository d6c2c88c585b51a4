#!/usr/bin/env bash
# A key without interest makes the selectors of junixsocket and jnr-enxio return at once when its peer
# has gone, and select() counts a ready key again each time.
#
# One would guess that a java.nio.channels.Selector of another provider behaves as the JDK's:
# interestOps(0) takes a channel out of the selection, which is how back pressure is done, select()
# returns the number of keys whose ready set it changed, and any number of wakeups before a select
# ends that one alone.
#
# In fact both hand poll(2) a descriptor of no events, for which it reports the hang-up all the same:
# select returns 1 with a selected key that is ready for nothing, at once and each time, and the loop
# spins until it closes the channel. A key left among the selected ones counts again. jnr-enxio keeps
# one byte for each wakeup: the second one ends a later select.
#
# Seen with JDK 17.0.15 and 25, junixsocket 2.10.1, jnr-enxio 0.32.18, Linux 6.18.44:
#   JDK: no interest, peer gone: select(700) waits, is 0, ready 0
#   JDK: readable, not taken from the selected keys: select is 1, then 0
#   JDK: two wakeups, selectNow(), then select(300): waits
#   junixsocket: no interest, peer gone: select(700) does not wait, is 1, ready 0
#   junixsocket: readable, not taken from the selected keys: select is 1, then 1
#   junixsocket: two wakeups, selectNow(), then select(300): waits
#   jnr-enxio: no interest, peer gone: select(700) does not wait, is 1, ready 0
#   jnr-enxio: readable, not taken from the selected keys: select is 1, then 1
#   jnr-enxio: two wakeups, selectNow(), then select(300): does not wait
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
      <groupId>com.kohlschutter.junixsocket</groupId>
      <artifactId>junixsocket-core</artifactId>
      <version>2.10.1</version>
      <type>pom</type>
    </dependency>
    <dependency>
      <groupId>com.github.jnr</groupId>
      <artifactId>jnr-unixsocket</artifactId>
      <version>0.38.23</version>
    </dependency>
    <dependency>
      <groupId>com.github.jnr</groupId>
      <artifactId>jnr-enxio</artifactId>
      <version>0.32.18</version>
    </dependency>
  </dependencies>
</project>
END
cat >"$temp/Finding.java" <<'END'
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.nio.file.Path;
import java.util.concurrent.Callable;

class Finding {
  static long millis;

  static int select(Selector selector, long timeout) throws IOException {
    var started = System.nanoTime();
    var selected = selector.select(timeout);
    millis = (System.nanoTime() - started) / 1_000_000;
    return selected;
  }

  static String waits(long timeout) {
    return millis >= timeout - 1 ? "waits" : "does not wait";
  }

  static void look(String name, Callable<Selector> open, Callable<SelectableChannel[]> pair)
      throws Exception {
    try (var selector = open.call()) {
      var channels = pair.call();
      channels[0].configureBlocking(false);
      var key = channels[0].register(selector, 0);
      channels[1].close();
      var selected = select(selector, 700);
      var without = "%s: no interest, peer gone: select(700) %s, is %d, ready %d%n";
      System.out.printf(without, name, waits(700), selected, key.readyOps());
      channels[0].close();
    }
    try (var selector = open.call()) {
      var channels = pair.call();
      channels[0].configureBlocking(false);
      channels[0].register(selector, SelectionKey.OP_READ);
      ((WritableByteChannel) channels[1]).write(ByteBuffer.wrap(new byte[3]));
      var twice = "%s: readable, not taken from the selected keys: select is %d, then %d%n";
      System.out.printf(twice, name, selector.select(300), selector.select(300));
      channels[0].close();
      channels[1].close();
    }
    try (var selector = open.call()) {
      var channels = pair.call();
      channels[0].configureBlocking(false);
      channels[0].register(selector, SelectionKey.OP_READ);
      selector.wakeup();
      selector.wakeup();
      selector.selectNow();
      select(selector, 300);
      System.out.printf(
          "%s: two wakeups, selectNow(), then select(300): %s%n", name, waits(300));
      channels[0].close();
      channels[1].close();
    }
  }

  public static void main(String[] arguments) throws Exception {
    var number = new int[1];
    look(
        "JDK",
        Selector::open,
        () -> {
          var address = UnixDomainSocketAddress.of(Path.of(arguments[0], "socket" + number[0]++));
          try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            return new SelectableChannel[] {SocketChannel.open(address), server.accept()};
          }
        });
    look(
        "junixsocket",
        () -> org.newsclub.net.unix.AFUNIXSelectorProvider.provider().openSelector(),
        () -> {
          var pair = org.newsclub.net.unix.AFUNIXSocketPair.open();
          return new SelectableChannel[] {pair.getSocket1(), pair.getSocket2()};
        });
    look(
        "jnr-enxio",
        () -> jnr.enxio.channels.NativeSelectorProvider.getInstance().openSelector(),
        () -> jnr.unixsocket.UnixSocketChannel.pair());
  }
}
END

mvn -q -B -f "$temp/pom.xml" dependency:copy-dependencies -DoutputDirectory="$temp/jars" \
  >"$temp/maven.log" 2>&1 || { cat "$temp/maven.log" >&2 && exit 1; }
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
echo "$(uname -sr), $("$java" --version | sed -n 2p)"
"$java" -cp "$temp/jars/*" "$temp/Finding.java" "$temp" 2>"$temp/errors" | tee "$temp/seen" ||
  { cat "$temp/errors" >&2 && exit 1; }
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
