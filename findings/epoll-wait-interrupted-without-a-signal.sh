#!/usr/bin/env bash
# epoll_wait fails with EINTR where no signal was sent: when a container is paused, when a debugger
# looks at the thread, and when an io_uring request of the thread completes.
#
# One would guess that a program without signal handlers, or with SA_RESTART on all of them, never
# sees EINTR, and that poll and epoll_wait are alike in this.
#
# In fact whatever makes the thread look up in the kernel ends epoll_wait, and poll, select and
# nanosleep go on where they were. A freeze of its cgroup (docker pause) and a PTRACE_INTERRUPT
# (strace -p, a profiler) are such, and so is a completion for a ring that the thread submits to
# without DEFER_TASKRUN, even where the epoll set watches that ring: EINTR comes first, the event with
# the next call. A wait that gives up on EINTR, or begins its whole timeout anew, is wrong in a
# program that handles no signal.
#
# Seen with Linux 6.18.44 and Python 3.11.7, a wait of 1 s:
#   paused and resumed: epoll_wait: EINTR, poll: time is up, nanosleep: time is up
#   a tracer looks at it: epoll_wait: EINTR, poll: time is up, nanosleep: time is up
#   io_uring completes: epoll_wait: EINTR, poll: time is up, nanosleep: time is up
#   io_uring completes, the set watches the ring: epoll_wait: EINTR, then: ready
#   io_uring with DEFER_TASKRUN completes: epoll_wait: time is up
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
[[ $EUID == 0 ]] || { echo "It needs root: for a cgroup and a mount in a namespace of its own." >&2 && exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export TMPDIR=$temp

cat >"$temp/finding.py" <<'END'
import ctypes
import errno
import mmap
import os
import select
import struct
import sys
import tempfile
import threading
import time

SECOND = struct.pack("ll", 1, 0)
NEW_MOUNTS, REC_PRIVATE, DETACH = 0x20000, 0x44000, 2
PTRACE_DETACH, PTRACE_SEIZE, PTRACE_INTERRUPT, WAIT_ALL = 17, 0x4206, 0x4207, 0x40000000
IO_URING_SETUP, IO_URING_ENTER, POLL_ADD, SQES = 425, 426, 6, 0x10000000
DEFER_TASKRUN = 1 << 12 | 1 << 13  # and the SINGLE_ISSUER that it asks for
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def wait(call, epoll=None):
    if call == "epoll_wait":
        epoll = epoll or select.epoll()
        result = libc.epoll_wait(epoll.fileno(), ctypes.create_string_buffer(64), 4, 1000)
    elif call == "poll":
        result = libc.poll(None, 0, 1000)
    else:
        result = libc.nanosleep(SECOND, None)
    return errno.errorcode[ctypes.get_errno()] if result < 0 else "ready" if result else "time is up"


def in_child(work, disturb=lambda child: None):
    """What the work says, done in a child of its own that is disturbed in the middle of it."""
    outcome, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(tell, work().encode())
        os._exit(0)
    os.close(tell)
    time.sleep(0.3)
    disturb(child)
    said = os.read(outcome, 100).decode()
    os.waitpid(child, 0)
    return said


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def pause(child):
    write(f"{group}/cgroup.procs", str(child))
    write(f"{group}/cgroup.freeze", "1")
    while "frozen 1" not in open(f"{group}/cgroup.events").read():
        time.sleep(0.01)
    write(f"{group}/cgroup.freeze", "0")


def trace(child):
    if libc.ptrace(PTRACE_SEIZE, child, None, None) == 0:
        libc.ptrace(PTRACE_INTERRUPT, child, None, None)
        os.waitpid(child, WAIT_ALL)
        libc.ptrace(PTRACE_DETACH, child, None, None)


def ring_that_polls(descriptor, flags):
    """A ring whose one request completes when the descriptor is readable."""
    parameters = ctypes.create_string_buffer(120)
    struct.pack_into("I", parameters, 8, flags)
    ring = libc.syscall(IO_URING_SETUP, 1, parameters)
    if ring < 0:
        sys.exit("no io_uring: " + errno.errorcode[ctypes.get_errno()])
    tail, array = struct.unpack_from("4xI16xI", parameters, 40)
    access = mmap.PROT_READ | mmap.PROT_WRITE
    queue = mmap.mmap(ring, mmap.PAGESIZE, mmap.MAP_SHARED, access, offset=0)
    entries = mmap.mmap(ring, mmap.PAGESIZE, mmap.MAP_SHARED, access, offset=SQES)
    entries[:64] = struct.pack("BxxxiQQII32x", POLL_ADD, descriptor, 0, 0, 0, select.POLLIN)
    struct.pack_into("I", queue, array, 0)
    struct.pack_into("I", queue, tail, 1)
    if libc.syscall(IO_URING_ENTER, ring, 1, 0, 0, None, 0) != 1:
        sys.exit("io_uring took no request: " + errno.errorcode[ctypes.get_errno()])
    return ring


def beside_ring(call, flags=0, watched=False):
    readable, writable = os.pipe()
    ring = ring_that_polls(readable, flags)
    epoll = select.epoll()
    if watched:
        epoll.register(ring, select.EPOLLIN)
    writing = threading.Timer(0.3, os.write, [writable, b"."])
    writing.start()
    said = wait(call, epoll)
    if watched:
        said += ", then: " + wait(call, epoll)
    writing.join()
    return said


def look(what, outcome):
    calls = ("epoll_wait", "poll", "nanosleep")
    print(f"{what}:", ", ".join(f"{call}: {outcome(call)}" for call in calls))


libc.unshare(NEW_MOUNTS)
libc.mount(b"none", b"/", None, REC_PRIVATE, None)
mountpoint = tempfile.mkdtemp()
if libc.mount(b"cgroup2", mountpoint.encode(), b"cgroup2", 0, None) != 0:
    sys.exit("no cgroup2: " + errno.errorcode[ctypes.get_errno()])
group = f"{mountpoint}/finding-{os.getpid()}"
os.mkdir(group)
try:
    look("paused and resumed", lambda call: in_child(lambda: wait(call), pause))
finally:
    os.rmdir(group)
    libc.umount2(mountpoint.encode(), DETACH)
    os.rmdir(mountpoint)
look("a tracer looks at it", lambda call: in_child(lambda: wait(call), trace))
look("io_uring completes", lambda call: in_child(lambda: beside_ring(call)))
said = in_child(lambda: beside_ring("epoll_wait", watched=True))
print("io_uring completes, the set watches the ring: epoll_wait:", said)
said = in_child(lambda: beside_ring("epoll_wait", DEFER_TASKRUN))
print("io_uring with DEFER_TASKRUN completes: epoll_wait:", said)
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
