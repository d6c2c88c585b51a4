#!/usr/bin/env bash
# A timeout of poll, select or epoll_wait may be late by a thousandth of it, and in a process with a
# nice value by a two-hundredth; up to 100 ms.
#
# One would guess that it is late by the timer slack of prctl(PR_SET_TIMERSLACK), 50 microseconds as
# it comes, like any other sleep of the thread, and that nice has to do with the processor alone.
#
# In fact the three allow themselves the larger of that slack and a share of the timeout, which the
# kernel is free to use where nothing else wakes the processor: 20 ms for 20 s, 100 ms if niced.
# nanosleep, sigtimedwait, a futex and so a Java park or a timed lock stay at 50 microseconds. For a
# timer that is exact use timerfd.
#
# Seen with Linux 6.18.44 and Python 3.11.7, for timeouts of some 84 s, in /proc/timer_list:
#   poll: 83.9 ms, niced: 100.0 ms
#   epoll_wait: 83.9 ms, niced: 100.0 ms
#   select: 83.9 ms, niced: 100.0 ms
#   nanosleep: 0.1 ms, niced: 0.1 ms
#   sigtimedwait: 0.1 ms, niced: 0.1 ms
#   futex: 0.1 ms, niced: 0.1 ms
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
[[ $EUID == 0 ]] || { echo "It needs root: to read /proc/timer_list." >&2 && exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export TMPDIR=$temp

cat >"$temp/finding.py" <<'END'
import os
import re
import select
import signal
import threading
import time

SECONDS = 83.937
EXPIRY = re.compile(r"expires at (\d+)-(\d+) nsecs")


def poll():
    select.poll().poll(SECONDS * 1000)


def epoll_wait():
    select.epoll().poll(SECONDS)


def select_():
    select.select([], [], [], SECONDS)


def nanosleep():
    time.sleep(SECONDS)


def sigtimedwait():
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    signal.sigtimedwait([signal.SIGUSR1], SECONDS)


def futex():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire(timeout=SECONDS)


def timers():
    """The windows in which timers end, as beginnings and ends."""
    with open("/proc/timer_list") as timer_list:
        return {(int(begin), int(end)) for begin, end in EXPIRY.findall(timer_list.read())}


def slack(wait, nice):
    """The width of the window in which the kernel lets this wait of a child end."""
    before = timers()
    started, start = os.pipe()
    child = os.fork()
    if child == 0:
        os.setpriority(os.PRIO_PROCESS, 0, nice)
        os.write(start, str(time.clock_gettime_ns(time.CLOCK_MONOTONIC)).encode())
        wait()
        os._exit(0)
    earliest = int(os.read(started, 64)) + SECONDS * 1e9
    seen = set()
    for _ in range(200):  # until the child is in its wait
        seen = {timer for timer in timers() - before if 0 <= timer[0] - earliest < 2e9}
        if seen:
            break
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    widths = {end - begin for begin, end in seen - timers()}  # those that went with it
    return " or ".join(f"{max(width / 1e6, 0.1):.1f} ms" for width in widths) or "no timer found"


for wait in (poll, epoll_wait, select_, nanosleep, sigtimedwait, futex):
    print(f"{wait.__name__.rstrip('_')}: {slack(wait, 0)}, niced: {slack(wait, 5)}")
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
