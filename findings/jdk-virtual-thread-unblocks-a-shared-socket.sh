#!/usr/bin/env bash
# A virtual thread that reads an inherited socket leaves it non-blocking, for every process that has
# it.
#
# One would guess that a SocketChannel which says isBlocking() leaves its descriptor blocking, as it
# came: System.inheritedChannel() is the socket of whoever started the JVM (inetd, a supervisor, a
# shell).
#
# In fact the first read, write, accept or connect of a virtual thread sets O_NONBLOCK on the
# descriptor and nothing takes it back, also not the end of the JVM. The flag belongs to the open
# socket, not to the process: its parent, which never asked for that, gets EAGAIN from a plain read. A
# platform thread's read leaves the flag alone. configureBlocking(true) does not help: it is what the
# channel thinks it is.
#
# Seen with JDK 25.0.3 and 28-ea, Linux 6.18.44:
#   as started: blocking
#   a platform thread has read: blocking, isBlocking true
#   a virtual thread has read: non-blocking, isBlocking true
#   after configureBlocking(true): non-blocking, isBlocking true
#   the parent, when the JVM has ended: read is EAGAIN
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
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.*;

class Finding {
  static String state() throws Exception {
    var flags = Files.readAllLines(Path.of("/proc/self/fdinfo/0")).get(1).replaceAll("\\D", "");
    return (Integer.parseInt(flags, 8) & 04000) == 0 ? "blocking" : "non-blocking";
  }

  public static void main(String[] arguments) throws Exception {
    System.err.println("as started: " + state());
    var channel = (SocketChannel) System.inheritedChannel();
    var read = (Runnable) () -> {
      try {
        channel.read(ByteBuffer.allocate(1));
      } catch (java.io.IOException failed) {
        throw new java.io.UncheckedIOException(failed);
      }
    };
    var seen = ": %s, isBlocking %b%n";
    Thread.ofPlatform().start(read).join();
    System.err.printf("a platform thread has read" + seen, state(), channel.isBlocking());
    Thread.ofVirtual().start(read).join();
    System.err.printf("a virtual thread has read" + seen, state(), channel.isBlocking());
    channel.configureBlocking(true);
    System.err.printf("after configureBlocking(true)" + seen, state(), channel.isBlocking());
  }
}
END
cat >"$temp/parent.py" <<'END'
import errno
import socket
import subprocess
import sys

ours, theirs = socket.socketpair()
ours.send(b"ab")
subprocess.run(sys.argv[1:], stdin=theirs, check=True)
try:
    theirs.recv(1)
except OSError as error:
    outcome = "read is " + errno.errorcode[error.errno]
    print("the parent, when the JVM has ended:", outcome, file=sys.stderr)
END

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
feature=$("$java" --version | sed -n '1s/^[^ ]* \([0-9]*\).*/\1/p')
[[ $feature -ge 21 ]] || { echo "It needs JDK 21 or later in JAVA_HOME." >&2 && exit 2; }
echo "$(uname -sr), $("$java" --version | sed -n 2p)"
python3 "$temp/parent.py" "$java" "$temp/Finding.java" 2>&1 | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
