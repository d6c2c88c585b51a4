#!/usr/bin/env bash
# A ring of io_uring is readable, for ever, and has no completion.
#
# One would guess that who waits for a ring by epoll finds a completion in its queue when it is
# readable: the queue is memory that both sides see, so to look there needs no system call. So it is
# with every ring that asks for nothing special.
#
# In fact a ring with IORING_SETUP_DEFER_TASKRUN, which is what its manual has for best throughput,
# is readable as soon as there is something that the kernel could complete. It does so within
# io_uring_enter with IORING_ENTER_GETEVENTS, and not before: whoever looks into the queue, finds it
# empty and waits again spins. The flags of the submission queue, which say so to a ring that has
# IORING_SETUP_TASKRUN_FLAG as well, are 0.
#
# Seen with Linux 6.18.44 and Python 3.11.7, a read of a pipe that gets its byte:
#   no flags: readable, 1 done; again: readable, 1 done; after io_uring_enter: readable, 1 done
#   SINGLE_ISSUER: readable, 1 done; again: readable, 1 done; after io_uring_enter: readable, 1 done
#   DEFER_TASKRUN: readable, 0 done; again: readable, 0 done; after io_uring_enter: readable, 1 done
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
import errno
import mmap
import os
import select
import struct
import sys

IO_URING_SETUP, IO_URING_ENTER, GETEVENTS = 425, 426, 1
SINGLE_ISSUER, DEFER_TASKRUN = 1 << 12, 1 << 13
OP_READ, AT_ITS_POSITION, SUBMISSIONS = 22, (1 << 64) - 1, 0x10000000
libc = ctypes.CDLL(None, use_errno=True)


class Ring:
    def __init__(self, flags):
        parameters = ctypes.create_string_buffer(120)
        struct.pack_into("I", parameters, 8, flags)
        self.fd = libc.syscall(IO_URING_SETUP, 1, parameters)
        if self.fd < 0:
            sys.exit("no io_uring: " + errno.errorcode[ctypes.get_errno()])
        submissions, completions = struct.unpack_from("II", parameters)
        self.tail, self.array = struct.unpack_from("4xI16xI", parameters, 40)
        self.done_head, self.done_tail, queue = struct.unpack_from("II12xI", parameters, 80)
        size = max(self.array + 4 * submissions, queue + 16 * completions)
        self.memory = mmap.mmap(self.fd, size)
        self.entries = mmap.mmap(self.fd, 64 * submissions, offset=SUBMISSIONS)

    def enter(self, submitted, flags):
        if libc.syscall(IO_URING_ENTER, self.fd, submitted, 0, flags, None, 0) < 0:
            sys.exit("io_uring_enter: " + errno.errorcode[ctypes.get_errno()])

    def read(self, fd, buffer):
        where = ctypes.addressof(buffer)
        struct.pack_into("<BBHiQQI", self.entries, 0, OP_READ, 0, 0, fd, AT_ITS_POSITION, where, 1)
        struct.pack_into("I", self.memory, self.array, 0)
        struct.pack_into("I", self.memory, self.tail, 1)
        self.enter(1, 0)

    def state(self):
        with select.epoll() as epoll:
            epoll.register(self.fd, select.EPOLLIN)
            readable = "readable" if epoll.poll(1) else "silent"
        head, tail = (struct.unpack_from("I", self.memory, at)[0] for at in (self.done_head, self.done_tail))
        return f"{readable}, {tail - head} done"


for name, flags in (
    ("no flags", 0),
    ("SINGLE_ISSUER", SINGLE_ISSUER),
    ("DEFER_TASKRUN", SINGLE_ISSUER | DEFER_TASKRUN),
):
    ring = Ring(flags)
    readable, writable = os.pipe()
    buffer = ctypes.create_string_buffer(1)
    ring.read(readable, buffer)
    os.write(writable, b"x")
    seen = [ring.state(), "again: " + ring.state()]
    ring.enter(0, GETEVENTS)
    seen.append("after io_uring_enter: " + ring.state())
    print(f"{name}: " + "; ".join(seen))
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
