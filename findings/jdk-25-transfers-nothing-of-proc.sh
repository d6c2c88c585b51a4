#!/usr/bin/env bash
# On JDK 25 the stream of a file of /proc transfers nothing to another channel's stream; to any other
# stream it transfers all.
#
# One would guess that InputStream.transferTo() reads to the end, as its documentation says, wherever
# the bytes go, and gives what readAllBytes() gives.
#
# In fact the stream of Files.newInputStream() hands over to FileChannel.transferTo() where the other
# stream is a channel's, too, a file's or a socket's, and ends when it has moved as many bytes as the
# file says that it has: 0 for those of /proc. Which stream the other end is decides. FileInputStream
# transfers all, and so does FileChannel.transferTo() itself. With JDK 17 all of these streams
# transfer all, and FileChannel.transferTo() gives 0.
#
# Seen with JDK 25.0.3, Linux 6.18.44, /proc/cpuinfo:
#   Files.size: 0, Files.readAllBytes: all
#   Files.newInputStream to a ByteArrayOutputStream: all
#   Files.newInputStream to a FileOutputStream: all
#   Files.newInputStream to Files.newOutputStream: 0 bytes
#   Files.newInputStream to a SocketChannel's stream: 0 bytes
#   FileInputStream to Files.newOutputStream: all
#   FileChannel to a FileChannel: all
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
import java.net.*;
import java.nio.channels.*;
import java.nio.file.*;

class Finding {
  static final Path FILE = Path.of("/proc/cpuinfo");

  static String amount(long count) throws IOException {
    return count == Files.readAllBytes(FILE).length ? "all" : count + " bytes";
  }

  static void look(String what, InputStream from, OutputStream to) throws IOException {
    try (from; to) {
      System.out.println(what + ": " + amount(from.transferTo(to)));
    }
  }

  public static void main(String[] arguments) throws Exception {
    var other = Path.of(arguments[0]);
    System.out.printf(
        "Files.size: %d, Files.readAllBytes: %s%n",
        Files.size(FILE), Files.readAllBytes(FILE).length > 0 ? "all" : "nothing");
    var name = "Files.newInputStream to ";
    var bytes = new ByteArrayOutputStream();
    look(name + "a ByteArrayOutputStream", Files.newInputStream(FILE), bytes);
    var plain = new FileOutputStream(other.toFile());
    look(name + "a FileOutputStream", Files.newInputStream(FILE), plain);
    look(
        name + "Files.newOutputStream", Files.newInputStream(FILE), Files.newOutputStream(other));
    try (var server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      var socket = Channels.newOutputStream(SocketChannel.open(server.getLocalAddress()));
      look(name + "a SocketChannel's stream", Files.newInputStream(FILE), socket);
    }
    look(
        "FileInputStream to Files.newOutputStream",
        new FileInputStream(FILE.toFile()),
        Files.newOutputStream(other));
    try (var from = FileChannel.open(FILE);
        var to = FileChannel.open(other, StandardOpenOption.WRITE)) {
      System.out.println(
          "FileChannel to a FileChannel: " + amount(from.transferTo(0, 1 << 20, to)));
    }
  }
}
END

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
feature=$("$java" --version | sed -n '1s/^[^ ]* \([0-9]*\).*/\1/p')
[[ $feature -ge 21 ]] || { echo "It needs JDK 25 in JAVA_HOME." >&2 && exit 2; }
echo "$(uname -sr), $("$java" --version | sed -n 2p)"
"$java" "$temp/Finding.java" "$temp/other" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
