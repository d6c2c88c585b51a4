#!/usr/bin/env bash
# multiprocessing's join() with a timeout waits all of it for a process that has ended, as long as a
# process that it forked lives.
#
# One would guess what the documentation says: Process.sentinel becomes ready when the process ends,
# and join() returns then.
#
# In fact the sentinel is the read end of a pipe, whose write end the process has, and whatever it
# forks inherits that (a daemon, a helper that outlives it): it becomes ready when the last of them
# has ended. exitcode and is_alive() ask waitpid(), and know better, also after a join() that has just
# waited in vain; join() without a timeout does as well, and returns at once.
#
# Seen with Python 3.11.7, Linux 6.18.44, a process that has ended and left a child behind:
#   fork: sentinel: silent, join(1): waits 1 s, exitcode: 0
#   fork: join(): returns at once
#   spawn: sentinel: silent, join(1): waits 1 s, exitcode: 0
#   spawn: join(): returns at once
#   the child it left has ended: sentinel: ready
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export TMPDIR=$temp

cat >"$temp/finding.py" <<'END'
import multiprocessing
import os
import signal
import time
from multiprocessing.connection import wait


def leave_a_child():
    child = os.fork()
    if child == 0:
        time.sleep(60)
        os._exit(0)
    with open(os.environ["CHILD"], "w") as file:
        file.write(str(child))


def ended(method):
    process = multiprocessing.get_context(method).Process(target=leave_a_child)
    process.start()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    with open(os.environ["CHILD"]) as file:
        return process, int(file.read())


def ready(process):
    return "ready" if wait([process.sentinel], 0.2) else "silent"


def took(join):
    begin = time.monotonic()
    join()
    return time.monotonic() - begin


if __name__ == "__main__":
    os.environ["CHILD"] = os.path.join(os.environ["TMPDIR"], "child")
    for method in "fork", "spawn":
        process, child = ended(method)
        print(f"{method}: sentinel: {ready(process)},", end=" ")
        waited = "waits 1 s" if took(lambda: process.join(1)) > 0.95 else "returns at once"
        print(f"join(1): {waited}, exitcode: {process.exitcode}")
        os.kill(child, signal.SIGKILL)
        process, child = ended(method)
        waited = "returns at once" if took(process.join) < 30 else "waits for the child"
        print(f"{method}: join(): {waited}")
        os.kill(child, signal.SIGKILL)
    wait([process.sentinel], 10)
    print("the child it left has ended: sentinel:", ready(process))
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
