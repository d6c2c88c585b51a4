#!/usr/bin/env bash
# The pidfd of a traced child is ready, and the parent cannot reap the child.
#
# One would guess that a readable pidfd and a successful waitid(P_PIDFD, WEXITED | WNOHANG) are the
# same news: event loops do the one after the other.
#
# In fact the pidfd is readable when the child has ended, and while a tracer (strace -p, a debugger)
# has not waited for it, the parent's waitid() finds nothing. A loop that asks with WNOHANG and goes
# back to poll spins; one that asks without it, as the pidfd seemed to allow, stands still until the
# tracer goes.
#
# Seen with Linux 6.18.44 and Python 3.11.7:
#   the traced child ends: its pidfd is readable
#   the parent's waitid with WNOHANG: nothing
#   poll again: its pidfd is readable
#   the parent's waitid with WNOHANG: nothing
#   the tracer ends: waitid gives the child's status, 7
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
import ctypes
import os
import select

PTRACE_SEIZE = 0x4206
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def fork(work):
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = work()
        finally:
            os._exit(status)
    return child


def traced():
    os.read(child_may_end, 1)
    return 7


def trace():
    os.write(tracing, b"y" if libc.ptrace(PTRACE_SEIZE, child, None, None) == 0 else b"n")
    os.read(tracer_may_end, 1)
    return 0


child_may_end, end_child = os.pipe()
tracer_may_end, end_tracer = os.pipe()
is_traced, tracing = os.pipe()
child = fork(traced)
tracer = fork(trace)
if os.read(is_traced, 1) != b"y":
    raise SystemExit("the child may not be traced here")
pidfd = os.pidfd_open(child)
poll = select.poll()
poll.register(pidfd, select.POLLIN)
os.write(end_child, b".")
for occasion in ("the traced child ends", "poll again"):
    print(occasion + ":", "its pidfd is readable" if poll.poll(10_000) else "its pidfd is silent")
    ended = os.waitid(os.P_PIDFD, pidfd, os.WEXITED | os.WNOHANG)
    print("the parent's waitid with WNOHANG:", "nothing" if ended is None else ended.si_status)
os.write(end_tracer, b".")
os.waitpid(tracer, 0)
ended = os.waitid(os.P_PIDFD, pidfd, os.WEXITED)
print(f"the tracer ends: waitid gives the child's status, {ended.si_status}")
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
