#!/usr/bin/env bash
# What a child's child prints after the child has ended is lost, or not, by whether somebody was
# waiting in the JDK's Process.getInputStream() when the child ended.
#
# One would guess that the stream is the read end of a pipe: it ends when nobody has the write end any
# more, as for Python's subprocess, however late one reads.
#
# In fact the JDK's reaper takes what is in the pipe when the child ends, and closes it. A thread that
# is waiting in a read holds the stream's lock, so that the reaper waits, and whether it or the next
# read comes first then is chance. Who calls waitFor() before he reads gets an end of file instead of
# what a background job prints, and the job is ended by SIGPIPE. The Javadoc of Process says nothing
# of it.
#
# Seen with JDK 17.0.15 and 25.0.3, Linux 6.18.44, a shell that prints "early" and leaves a job which
# prints "late" after its end:
#   a thread waits in read() when the shell ends: early, late
#   the job: ran to its end
#   read after waitFor(): early, end of file
#   the job: ended by its output
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
import java.nio.file.*;
import java.util.concurrent.*;

class Finding {
  static String next(Process process) {
    try {
      var buffer = new byte[100];
      int count = process.getInputStream().read(buffer);
      return count < 0 ? "end of file" : new String(buffer, 0, count).strip();
    } catch (java.io.IOException failed) {
      return failed.toString();
    }
  }

  static void look(String what, boolean wait) throws Exception {
    var marks = Files.createTempDirectory("finding");
    Path go = marks.resolve("go"), done = marks.resolve("done"), end = marks.resolve("end");
    // The shell in between notes the end of the job that its output may have ended.
    var job = "while [ ! -e " + go + " ]; do sleep 0.05; done; echo late; echo > " + done;
    var script = "{ (" + job + "); echo > " + end + "; } 2>/dev/null & echo early; read line";
    var process = new ProcessBuilder("sh", "-c", script).start();
    String first = null;
    CompletableFuture<String> second = null;
    if (!wait) {
      first = next(process);
      second = CompletableFuture.supplyAsync(() -> next(process));
      Thread.sleep(500);
    }
    process.getOutputStream().close();
    process.waitFor();
    Thread.sleep(500); // the reaper closes the pipe soon after it has told of the end
    Files.createFile(go);
    if (wait) {
      first = next(process);
      second = CompletableFuture.supplyAsync(() -> next(process));
    }
    System.out.println(what + ": " + first + ", " + second.get(30, TimeUnit.SECONDS));
    for (int i = 0; i < 1000 && Files.notExists(end); i++) Thread.sleep(20);
    System.out.println(
        "the job: " + (Files.exists(done) ? "ran to its end" : "ended by its output"));
  }

  public static void main(String[] arguments) throws Exception {
    look("a thread waits in read() when the shell ends", false);
    look("read after waitFor()", true);
  }
}
END

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
echo "$(uname -sr), $("$java" --version | sed -n 2p)"
"$java" -Djava.io.tmpdir="$temp" "$temp/Finding.java" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
