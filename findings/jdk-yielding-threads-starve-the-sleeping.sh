#!/usr/bin/env bash
# Virtual threads that wake each other, or one that yields, keep all others from the carrier.
#
# One would guess that the scheduler takes turns, as it is first in, first out: a thread that parks or
# yields goes to the end, and one that was started, or has slept enough, waits for a moment.
#
# In fact a carrier looks for what a timer or a platform thread has woken or started only when the
# queue that it is serving is empty, and its own threads queue there when they wake each other. Two
# that hand a token to and fro leave it never empty: a third one does not begin, and one that slept a
# millisecond does not wake, for as long as they go on. One that calls Thread.yield alone does the
# same, though yield goes through the common queues then. Here with one carrier; with more it takes as
# many such threads, or pairs.
#
# Seen with JDK 25.0.3, Linux 6.18.44, -Djdk.virtualThreadScheduler.parallelism=1:
#   one yields: a new one does not begin, a sleeper does not wake
#   two yield: a new one does not begin, a sleeper does not wake
#   two hand over a token: a new one does not begin, a sleeper does not wake
#   they have stopped: a new one begins, a sleeper wakes
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
import java.util.concurrent.*;

class Finding {
  interface Turn {
    void take() throws InterruptedException;
  }

  static final Semaphore woken = new Semaphore(0);
  static volatile boolean stop;

  static Thread again(CountDownLatch running, Turn turn) {
    return Thread.startVirtualThread(
        () -> {
          try {
            while (!stop) {
              turn.take();
              running.countDown();
            }
          } catch (InterruptedException end) {
            // That is the end.
          }
        });
  }

  static void look(String what) throws Exception {
    Thread.sleep(200);
    woken.drainPermits();
    var begun = new CountDownLatch(1);
    Thread.startVirtualThread(begun::countDown);
    var begins = begun.await(2, TimeUnit.SECONDS);
    var wakes = woken.tryAcquire(2, TimeUnit.SECONDS);
    System.out.println(
        what + ": a new one " + (begins ? "begins" : "does not begin")
            + ", a sleeper " + (wakes ? "wakes" : "does not wake"));
  }

  static void look(String what, Turn... turns) throws Exception {
    stop = false;
    var running = new CountDownLatch(turns.length);
    var threads = new Thread[turns.length];
    for (var i = 0; i < turns.length; i++) {
      threads[i] = again(running, turns[i]);
    }
    running.await();
    look(what);
    stop = true;
    for (var thread : threads) {
      thread.interrupt();
      thread.join();
    }
  }

  public static void main(String[] arguments) throws Exception {
    Thread.startVirtualThread(
        () -> {
          try {
            while (true) {
              Thread.sleep(1);
              woken.release();
            }
          } catch (InterruptedException end) {
            // That is the end.
          }
        });
    look("one yields", Thread::yield);
    look("two yield", Thread::yield, Thread::yield);
    var there = new ArrayBlockingQueue<Object>(1);
    var back = new ArrayBlockingQueue<Object>(1);
    there.add("token");
    look("two hand over a token", () -> back.put(there.take()), () -> there.put(back.take()));
    look("they have stopped");
  }
}
END

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
feature=$("$java" --version | sed -n '1s/^[^ ]* \([0-9]*\).*/\1/p')
[[ $feature -ge 21 ]] || { echo "It needs JDK 21 or later in JAVA_HOME." >&2 && exit 2; }
echo "$(uname -sr), $("$java" --version | sed -n 2p)"
"$java" -Djdk.virtualThreadScheduler.parallelism=1 -Djdk.virtualThreadScheduler.maxPoolSize=1 \
  "$temp/Finding.java" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
