#!/usr/bin/env bash
# ProcessBuilder.start() waits for the other end of a FIFO that it redirects the child's input from, or
# its output to; there is no process until then.
#
# One would guess what a shell does with "cat < fifo &": the child opens it, so that it is the child
# that waits, start() returns, and destroy() ends the wait.
#
# In fact the JVM opens the file itself, with FileInputStream or FileOutputStream, before it starts
# anything. The thread waits in the opening, there is nothing to destroy, interrupt() does not end it,
# and of two processes that are to talk through a FIFO the second one is never started if one thread
# starts both. redirectInput() and Redirect.from() say no more than that the child reads from the
# file.
#
# Seen with JDK 17.0.15 and 25.0.3, Linux 6.18.44:
#   cat, its input a FIFO: not started after 1 s, interrupted: not started after 1 s more
#   the other end is opened: started
#   echo, its output a FIFO: not started after 1 s, interrupted: not started after 1 s more
#   the other end is opened: started
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
import java.util.concurrent.*;

class Finding {
  static void look(String what, ProcessBuilder builder, Callable<Closeable> other)
      throws Exception {
    var started = new CountDownLatch(1);
    var thread =
        new Thread(
            () -> {
              try {
                builder.start();
                started.countDown();
              } catch (IOException failed) {
                failed.printStackTrace();
              }
            });
    thread.setDaemon(true);
    thread.start();
    System.out.print(what + ": " + (started.await(1, TimeUnit.SECONDS) ? "started" : "not started"));
    thread.interrupt();
    System.out.print(" after 1 s, interrupted: ");
    System.out.print(started.await(1, TimeUnit.SECONDS) ? "started" : "not started");
    System.out.println(" after 1 s more");
    try (var end = other.call()) {
      System.out.print("the other end is opened: ");
      System.out.println(started.await(30, TimeUnit.SECONDS) ? "started" : "not started");
    }
  }

  public static void main(String[] arguments) throws Exception {
    File input = new File(arguments[0]), output = new File(arguments[1]);
    look(
        "cat, its input a FIFO",
        new ProcessBuilder("cat").redirectInput(input),
        () -> new FileOutputStream(input));
    look(
        "echo, its output a FIFO",
        new ProcessBuilder("echo").redirectOutput(output),
        () -> new FileInputStream(output));
  }
}
END

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
mkfifo "$temp/input" "$temp/output"
echo "$(uname -sr), $("$java" --version | sed -n 2p)"
"$java" "$temp/Finding.java" "$temp/input" "$temp/output" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
