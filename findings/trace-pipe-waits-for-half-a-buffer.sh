#!/usr/bin/env bash
# A trace_pipe of one CPU is not readable until half of its buffer is full, though a read gives lines.
#
# One would guess that poll reports tracefs' per_cpu/cpuN/trace_pipe as it does the trace_pipe one
# folder up: readable as soon as there is a line.
#
# In fact poll and epoll of a single CPU's file obey the instance's buffer_percent, 50 as it comes;
# that was made for those who splice whole pages. The file of all CPUs pays no heed to it. A read of
# the same descriptor gives the line at once.
#
# Seen with Linux 6.18.44 and Python 3.11.7, in a tracing instance of its own:
#   buffer_percent: 50
#   trace_pipe with one line: ready, a read gives the line
#   per_cpu/cpu0/trace_pipe with one line: not ready, a read gives the line
#   per_cpu/cpu0/trace_pipe_raw with one line: not ready, a read gives the line
#   buffer_percent: 0
#   per_cpu/cpu0/trace_pipe with one line: ready, a read gives the line
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
[[ $EUID == 0 ]] || { echo "It needs root: to mount tracefs in a namespace of its own." >&2 && exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export TMPDIR=$temp

cat >"$temp/finding.py" <<'END'
import ctypes
import errno
import os
import select
import tempfile

NEW_MOUNTS, REC_PRIVATE = 0x20000, 0x44000
LINE = b"a line of the trace\n"
libc = ctypes.CDLL(None, use_errno=True)


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def look(name):
    with open(f"{instance}/{name}", "rb", 0) as pipe:
        os.set_blocking(pipe.fileno(), False)
        with open(f"{instance}/trace_marker", "wb", 0) as marker:
            marker.write(LINE)
        poll = select.poll()
        poll.register(pipe, select.POLLIN)
        ready = "ready" if poll.poll(200) else "not ready"
        got = "gives the line" if LINE in (pipe.read(65536) or b"") else "gives nothing"
        print(f"{name} with one line: {ready}, a read {got}")


os.sched_setaffinity(0, {0})
libc.unshare(NEW_MOUNTS)
libc.mount(b"none", b"/", None, REC_PRIVATE, None)
mountpoint = tempfile.mkdtemp()
if libc.mount(b"tracefs", mountpoint.encode(), b"tracefs", 0, None) != 0:
    os.rmdir(mountpoint)
    raise SystemExit("no tracefs: " + errno.errorcode[ctypes.get_errno()])
instance = f"{mountpoint}/instances/finding-{os.getpid()}"
try:
    os.mkdir(instance)
    print("buffer_percent:", open(f"{instance}/buffer_percent").read().strip())
    look("trace_pipe")
    look("per_cpu/cpu0/trace_pipe")
    look("per_cpu/cpu0/trace_pipe_raw")
    write(f"{instance}/buffer_percent", "0")
    print("buffer_percent:", open(f"{instance}/buffer_percent").read().strip())
    look("per_cpu/cpu0/trace_pipe")
finally:
    if os.path.isdir(instance):
        os.rmdir(instance)
    libc.umount(mountpoint.encode())
    os.rmdir(mountpoint)
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
