#!/usr/bin/env bash
# Watched edge-triggered for IN and OUT, a UDP socket reports each datagram that it sends itself, and a
# UNIX socket each read of its peer.
#
# One would guess that an edge of OUT comes when a socket that was full has room again, as of TCP and
# pipes: a socket whose buffer is never full is silent, so one may register both directions once and
# for all, as tokio and Go's runtime do.
#
# In fact the kernel tells a datagram socket's waiters each time that a datagram has left it, and a
# UNIX socket's each time that the peer has read one, full or not: the loop wakes once more for each
# message, with nothing new to say but OUT. A terminal does so too. Register OUT only while a write
# has failed.
#
# Seen with Linux 6.18.44 and Python 3.11.7, 20 messages of a byte, each of them read by the peer:
#   pipe: 0 edges
#   TCP: 0 edges
#   UDP: 20 edges of OUT
#   UNIX stream: 20 edges of OUT
#   UNIX datagram: 20 edges of OUT
#   terminal: 20 edges of OUT
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
import tty


def look(what, writer, reader):
    edges, others = 0, 0
    with select.epoll() as epoll:
        epoll.register(writer, select.EPOLLIN | select.EPOLLOUT | select.EPOLLET)
        epoll.poll(0.2)
        for _ in range(20):
            os.write(writer, b"x")
            os.read(reader, 16)
            for _, events in epoll.poll(0.1):
                edges += 1
                others += events != select.EPOLLOUT
    print(f"{what}: {edges} edges" + (" of OUT" if edges and not others else ""))


def tcp():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return socket.create_connection(server.getsockname()), server.accept()[0]


def udp():
    ends = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
    ends[1].bind(("127.0.0.1", 0))
    ends[0].connect(ends[1].getsockname())
    return ends


readable, writable = os.pipe()
look("pipe", writable, readable)
for what, ends in (
    ("TCP", tcp()),
    ("UDP", udp()),
    ("UNIX stream", socket.socketpair()),
    ("UNIX datagram", socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)),
):
    look(what, ends[0].fileno(), ends[1].fileno())
master, terminal = pty.openpty()
tty.setraw(terminal)
look("terminal", terminal, master)
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
