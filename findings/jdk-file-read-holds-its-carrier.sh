#!/usr/bin/env bash
# A virtual thread that opens or reads a FIFO holds its carrier, and nothing takes the carrier's
# place.
#
# One would guess what the JEP of virtual threads says of file operations: some hold their carrier,
# and the scheduler makes up for that by another platform thread for as long. So it is when System.in
# or the stream of a child process is read, on the same FIFO.
#
# In fact FileInputStream and FileChannel make up for nothing, and neither does opening, which waits
# on a FIFO for the other end: as many such threads as there are processors (here one) stop every
# virtual thread of the JVM until somebody writes.
#
# Seen with JDK 25.0.3 and 28-ea, Linux 6.18.44, -Djdk.virtualThreadScheduler.parallelism=1:
#   one reads a child's output: others run
#   one reads System.in, a FIFO: others run
#   one reads the FIFO by FileInputStream: others stand still
#   one reads the FIFO by FileChannel: others stand still
#   one opens a FIFO: others stand still
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
import java.io.*;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.*;

class Finding {
  interface Work {
    void run() throws Exception;
  }

  static void look(String what, Work waits, Work end) throws Exception {
    var started = new CountDownLatch(1);
    var first =
        Thread.startVirtualThread(
            () -> {
              started.countDown();
              try {
                waits.run();
              } catch (Exception failed) {
                failed.printStackTrace();
              }
            });
    started.await();
    Thread.sleep(200);
    var second = Thread.startVirtualThread(() -> {});
    var runs = second.join(java.time.Duration.ofSeconds(1));
    System.out.println(what + ": others " + (runs ? "run" : "stand still"));
    end.run();
    first.join();
    second.join();
  }

  public static void main(String[] arguments) throws Exception {
    var child = new ProcessBuilder("cat").start();
    look("one reads a child's output", child.getInputStream()::read, child.getOutputStream()::close);
    var fifo = Path.of(arguments[0]).toFile();
    try (var both = new RandomAccessFile(fifo, "rw"); // standard input is this FIFO
        var stream = new FileInputStream(fifo);
        var channel = FileChannel.open(fifo.toPath())) {
      Work write = () -> both.write(1);
      look("one reads System.in, a FIFO", System.in::read, write);
      look("one reads the FIFO by FileInputStream", stream::read, write);
      Work read = () -> channel.read(ByteBuffer.allocate(1));
      look("one reads the FIFO by FileChannel", read, write);
    }
    var other = new File(arguments[1]);
    look(
        "one opens a FIFO",
        () -> new FileInputStream(other).close(),
        () -> new FileOutputStream(other).close());
  }
}
END

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
feature=$("$java" --version | sed -n '1s/^[^ ]* \([0-9]*\).*/\1/p')
[[ $feature -ge 21 ]] || { echo "It needs JDK 21 or later in JAVA_HOME." >&2 && exit 2; }
mkfifo "$temp/input" "$temp/other"
echo "$(uname -sr), $("$java" --version | sed -n 2p)"
"$java" -Djdk.virtualThreadScheduler.parallelism=1 "$temp/Finding.java" \
  "$temp/input" "$temp/other" <>"$temp/input" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
