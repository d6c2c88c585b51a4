#!/usr/bin/env bash
# A read that gave less than it asked for has not emptied the descriptor, and an edge-triggered epoll
# set is silent about the rest.
#
# One would guess what epoll(7) says of EPOLLET, and what tokio builds on: of a stream, a read
# that returns less than was asked for has read all there is, so the one that would say EAGAIN can be
# saved.
#
# In fact the kernel ends a read early where the bytes in front differ from those behind in more than
# their order: at TCP's urgent byte, behind a descriptor that was passed, where another process has
# written (with SO_PASSCRED), at the end of a terminal's line, at the end of a packet in a pipe with
# O_DIRECT. The rest stays, poll reports it, and epoll gives no edge for it until more comes.
#
# Seen with Linux 6.18.44 and Python 3.11.7, "one" and "two" written, then reads of up to 4096 bytes:
#   pipe: read: onetwo, edge: silent, poll: silent
#   TCP, an urgent byte between: read: one, edge: silent, poll: IN, read: two
#   UNIX stream, a descriptor with the first: read: one, edge: silent, poll: IN, read: two
#   UNIX stream, SO_PASSCRED, two processes: read: one, edge: silent, poll: IN, read: two
#   terminal, two lines: read: one, edge: silent, poll: IN, read: two
#   pipe with O_DIRECT: read: one, edge: silent, poll: IN, read: two
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
import os
import pty
import select
import socket


def ready(descriptor):
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return "IN" if poll.poll(0) else "silent"


def look(what, descriptor, write):
    with select.epoll() as epoll:
        epoll.register(descriptor, select.EPOLLIN | select.EPOLLET)
        write()
        while epoll.poll(0.2):  # all edges, so that both have arrived
            pass
        seen = ["read: " + os.read(descriptor, 4096).decode().strip()]
        seen.append("edge: " + ("IN" if epoll.poll(0.2) else "silent"))
    seen.append("poll: " + ready(descriptor))
    if seen[-1] == "poll: IN":
        seen.append("read: " + os.read(descriptor, 4096).decode().strip())
    print(f"{what}: {', '.join(seen)}")


def both(descriptor, end=b""):
    os.write(descriptor, b"one" + end)
    os.write(descriptor, b"two" + end)


readable, writable = os.pipe()
look("pipe", readable, lambda: both(writable))

with socket.create_server(("127.0.0.1", 0)) as server:
    sender = socket.create_connection(server.getsockname())
    receiver, _ = server.accept()


def with_urgent_byte():
    sender.send(b"one")
    sender.send(b"!", socket.MSG_OOB)
    sender.send(b"two")


look("TCP, an urgent byte between", receiver.fileno(), with_urgent_byte)

ours, theirs = socket.socketpair()


def with_descriptor():
    socket.send_fds(ours, [b"one"], [readable])
    ours.send(b"two")


look("UNIX stream, a descriptor with the first", theirs.fileno(), with_descriptor)

ours, theirs = socket.socketpair()
theirs.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)


def by_two_processes():
    ours.send(b"one")
    child = os.fork()
    if child == 0:
        ours.send(b"two")
        os._exit(0)
    os.waitpid(child, 0)


look("UNIX stream, SO_PASSCRED, two processes", theirs.fileno(), by_two_processes)

master, terminal = pty.openpty()
look("terminal, two lines", terminal, lambda: both(master, b"\n"))

readable, writable = os.pipe2(os.O_DIRECT)
look("pipe with O_DIRECT", readable, lambda: both(writable))
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
