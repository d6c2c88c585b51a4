#!/usr/bin/env bash
# The port of a process that used io_uring is still taken when waitpid() returns.
#
# One would guess that the kernel closes a process' sockets before its parent can reap it: a
# supervisor that has reaped a server may start the next one on its port. SO_REUSEADDR is set for old
# connections, and nobody listens any more.
#
# In fact a ring takes its time to go, in a work queue of the kernel, and the sockets that were
# registered with it live as long: the listening socket still accepts connections, and bind() fails
# with EADDRINUSE for some tens of milliseconds. The same holds after close() of the ring in a process
# that lives on.
#
# Seen with Linux 6.18.44 and Python 3.11.7, 20 servers that were waited for:
#   a listening socket, no ring: the port is free at once, each time
#   a listening socket that a ring has: first EADDRINUSE, also with SO_REUSEADDR, most times
#   and free within 10 s, each time
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
import os
import socket
import sys
import time

IO_URING_SETUP, IO_URING_REGISTER, REGISTER_FILES, TIMES = 425, 427, 2, 20
libc = ctypes.CDLL(None, use_errno=True)


def serve(with_ring):
    """Listens, tells the port and ends."""
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()
    if with_ring:
        ring = libc.syscall(IO_URING_SETUP, 1, ctypes.create_string_buffer(120))
        files = (ctypes.c_int * 1)(server.fileno())
        if ring < 0 or libc.syscall(IO_URING_REGISTER, ring, REGISTER_FILES, files, 1) != 0:
            return b"no io_uring: " + errno.errorcode[ctypes.get_errno()].encode()
    return str(server.getsockname()[1]).encode()


def listens(port):
    with socket.socket() as next_server:
        next_server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            next_server.bind(("127.0.0.1", port))
            next_server.listen()
            return True
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return False


def after_reaping(with_ring):
    """Whether the port was free at once, and whether it was in the end."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writable, serve(with_ring))
        os._exit(0)
    told = os.read(readable, 100).decode()
    os.waitpid(child, 0)
    if not told.isdigit():
        sys.exit(told)
    at_once = listens(int(told))
    deadline = time.monotonic() + 10
    in_the_end = at_once
    while not in_the_end and time.monotonic() < deadline:
        in_the_end = listens(int(told))
    return at_once, in_the_end


without = [after_reaping(False) for _ in range(TIMES)]
free = sum(at_once for at_once, _ in without)
print("a listening socket, no ring: the port is free at once,", end=" ")
print("each time" if free == TIMES else f"{free} times")
with_ring = [after_reaping(True) for _ in range(TIMES)]
taken = sum(not at_once for at_once, _ in with_ring)
print("a listening socket that a ring has: first EADDRINUSE, also with SO_REUSEADDR,", end=" ")
print("most times" if taken > TIMES // 2 else f"{taken} times")
freed = sum(in_the_end for _, in_the_end in with_ring)
print("and free within 10 s,", "each time" if freed == TIMES else f"{freed} times")
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
