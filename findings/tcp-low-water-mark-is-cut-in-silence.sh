#!/usr/bin/env bash
# SO_RCVLOWAT of a TCP socket is cut to half of its receive buffer without a word, or else makes the
# buffer larger.
#
# One would guess that a mark which the socket cannot reach is refused, or is kept, so that poll is
# silent until the peer closes; and that a mark leaves the size of the buffer alone.
#
# In fact, where SO_RCVBUF was set, setsockopt() says ok, and the mark becomes half of the buffer: poll
# says IN with less than was asked for. Where it was not set, the buffer becomes twice the mark, up to
# the largest of net.ipv4.tcp_rmem, which may be beyond what net.core.rmem_max lets SO_RCVBUF have.
# getsockopt() tells what became of it; socket(7) and tcp(7) do not. A UNIX socket keeps any mark.
#
# Seen with Linux 6.18.44 and Python 3.11.7:
#   TCP, buffer of 16384, a mark of 100000: ok, the mark is 8192, the buffer is 16384
#   8192 bytes arrive: poll: IN
#   TCP, a mark of 1000000: ok, the mark is 1000000, the buffer is 2000000
#   TCP, a mark of 1000000000: ok, the mark is half of tcp_rmem's largest
#   UNIX, a mark of 100000: ok, the mark is 100000, the buffer is as before
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
import select
import socket

RCVBUF, RCVLOWAT = socket.SO_RCVBUF, socket.SO_RCVLOWAT


def tcp(buffer=None):
    with socket.socket() as server:
        if buffer:
            server.setsockopt(socket.SOL_SOCKET, RCVBUF, buffer // 2)  # the kernel doubles it
        server.bind(("127.0.0.1", 0))
        server.listen()
        peer = socket.create_connection(server.getsockname())
        return server.accept()[0], peer


def option(receiver, name):
    return receiver.getsockopt(socket.SOL_SOCKET, name)


def mark(what, receiver, value):
    before = option(receiver, RCVBUF)
    receiver.setsockopt(socket.SOL_SOCKET, RCVLOWAT, value)
    print(f"{what}, a mark of {value}: ok, the mark is {option(receiver, RCVLOWAT)},", end=" ")
    after = option(receiver, RCVBUF)
    as_before = after == before and receiver.family == socket.AF_UNIX
    print("the buffer is", "as before" if as_before else after)


receiver, peer = tcp(16384)
mark("TCP, buffer of 16384", receiver, 100000)
poll = select.poll()
poll.register(receiver, select.POLLIN)
peer.send(b"x" * 8192)
print("8192 bytes arrive: poll:", "IN" if poll.poll(1000) else "silent")
receiver, peer = tcp()
mark("TCP", receiver, 1000000)
receiver.setsockopt(socket.SOL_SOCKET, RCVLOWAT, 1000000000)
with open("/proc/sys/net/ipv4/tcp_rmem") as limits:
    largest = int(limits.read().split()[2])
seen = option(receiver, RCVLOWAT)
print("TCP, a mark of 1000000000: ok, the mark is", end=" ")
print("half of tcp_rmem's largest" if seen == largest // 2 else seen)
receiver, peer = socket.socketpair()
mark("UNIX", receiver, 100000)
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
