#!/usr/bin/env bash
# ProcessHandle.onExit() of a process that is not a child polls, ever more slowly, and takes a zombie
# for alive.
#
# One would guess that the future completes when the process ends, soon after; on Linux a pidfd would
# tell.
#
# In fact a thread of the JDK looks at the process after 300 ms, then 330, 360 and so on, up to 5 s:
# the later the process ends, the later it is noticed. A process that has ended and that its parent
# has not waited for is alive to it: the future completes when the parent has reaped it.
#
# Seen with JDK 17.0.15, 25.0.3 and 28-ea, Linux 6.18.44:
#   of 12 grandchildren that end after 6 to 9 s, noticed more than 100 ms late: most
#   its pauses grow: yes
#   a zombie, 3 s after its end: isAlive true, onExit not done
#   reaped: isAlive false, onExit done
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
import java.util.*;
import java.util.concurrent.*;

class Finding {
  public static void main(String[] arguments) throws Exception {
    var late = Collections.synchronizedList(new ArrayList<Long>());
    var watches = new ArrayList<CompletableFuture<?>>();
    for (int i = 0; i < 12; i++) {
      // The shell is our child, its child is a stranger; the shell's output ends when it has reaped.
      var life = String.format(Locale.ROOT, "%.2f", 6 + i * 0.25);
      var shell = new ProcessBuilder("sh", "-c", "sleep " + life + " & echo $!; wait").start();
      var output = new BufferedReader(new InputStreamReader(shell.getInputStream()));
      var stranger = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
      var ended = new CompletableFuture<Long>();
      var reader =
          new Thread(
              () -> {
                try {
                  output.readLine();
                } catch (IOException closed) {
                  // that is the end, too
                }
                ended.complete(System.nanoTime());
              });
      reader.start();
      watches.add(
          stranger
              .onExit()
              .thenApply(handle -> System.nanoTime())
              .thenCombine(ended, (noticed, end) -> late.add((noticed - end) / 1_000_000)));
    }
    CompletableFuture.allOf(watches.toArray(CompletableFuture[]::new)).get();
    var later = late.stream().filter(millis -> millis > 100).count();
    System.out.print("of 12 grandchildren that end after 6 to 9 s, noticed more than 100 ms late: ");
    System.out.println(later >= 7 ? "most" : later + " " + late);
    System.out.println("its pauses grow: " + (Collections.max(late) > 330 ? "yes" : "no " + late));

    // Perl takes the shell's place and child, and waits for it when it gets a line.
    var perl = "exec perl -e '<STDIN>; wait; <STDIN>'";
    var parent = new ProcessBuilder("sh", "-c", "sleep 0.2 & echo $!; " + perl).start();
    var output = new BufferedReader(new InputStreamReader(parent.getInputStream()));
    var zombie = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
    var end = zombie.onExit();
    Thread.sleep(3200);
    System.out.printf(
        "a zombie, 3 s after its end: isAlive %b, onExit %s%n",
        zombie.isAlive(), end.isDone() ? "done" : "not done");
    parent.getOutputStream().write('\n');
    parent.getOutputStream().flush();
    end.get(30, TimeUnit.SECONDS);
    System.out.printf("reaped: isAlive %b, onExit done%n", zombie.isAlive());
    parent.destroy();
  }
}
END

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
echo "$(uname -sr), $("$java" --version | sed -n 2p)"
"$java" "$temp/Finding.java" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
