#!/usr/bin/env bash
# A UNIX datagram socket that connects anew throws away what it has received, and the peer that it
# leaves gets ECONNRESET.
#
# One would guess UDP's behaviour: connect() says whom to send to and hear from next. What has arrived
# stays, and nobody else learns of it.
#
# In fact the kernel empties the queue of a connected UNIX datagram socket when it connects to another
# one, or to none (AF_UNSPEC): poll said IN before, and there is nothing to read. A peer that is
# connected to it gets an error, once, from poll or its next call. The first connect() keeps the
# queue. unix(7) says nothing of it.
#
# Seen with Linux 6.18.44 and Python 3.11.7, a datagram of the peer waiting:
#   UDP, connects to another: poll: IN, recv: hello, the peer: OUT, its send: ok
#   UNIX, connects to another: poll: silent, recv: EAGAIN, the peer: OUT ERR, its send: ECONNRESET
#   UNIX, connects to none: poll: silent, recv: EAGAIN, the peer: OUT ERR, its send: ECONNRESET
#   UNIX, connects to the peer again: poll: IN, recv: hello, the peer: OUT, its send: ok
#   UNIX, connects for the first time: poll: IN, recv: hello, the peer: OUT, its send: ok
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
import select
import socket
import struct
import tempfile

libc = ctypes.CDLL(None, use_errno=True)
NAMES = {select.POLLIN: "IN", select.POLLOUT: "OUT", select.POLLERR: "ERR", select.POLLHUP: "HUP"}


def ready(descriptor, asked):
    poll = select.poll()
    poll.register(descriptor, asked)
    events = poll.poll(0)
    return " ".join(name for bit, name in NAMES.items() if events and events[0][1] & bit) or "silent"


def outcome(call):
    try:
        got = call()
        return got.decode() if isinstance(got, bytes) else "ok"
    except OSError as error:
        return errno.errorcode[error.errno]


def bound(family):
    new = socket.socket(family, socket.SOCK_DGRAM)
    new.bind(tempfile.mktemp() if family == socket.AF_UNIX else ("127.0.0.1", 0))
    new.setblocking(False)
    return new


def look(what, family, connect, first=False):
    receiver, peer, other = bound(family), bound(family), bound(family)
    if not first:
        receiver.connect(peer.getsockname())
    peer.connect(receiver.getsockname())
    peer.send(b"hello")
    connect(receiver, peer, other)
    poll = ready(receiver, select.POLLIN)
    got = outcome(lambda: receiver.recv(16))
    print(f"{what}: poll: {poll}, recv: {got}, the peer: {ready(peer, select.POLLOUT)},", end=" ")
    print("its send:", outcome(lambda: peer.send(b"again")))


def to_another(receiver, _, other):
    receiver.connect(other.getsockname())


def to_none(receiver, *_):
    if libc.connect(receiver.fileno(), struct.pack("H14x", socket.AF_UNSPEC), 16) != 0:
        raise OSError(ctypes.get_errno(), "connect to AF_UNSPEC")


def to_the_peer(receiver, peer, _):
    receiver.connect(peer.getsockname())


look("UDP, connects to another", socket.AF_INET, to_another)
look("UNIX, connects to another", socket.AF_UNIX, to_another)
look("UNIX, connects to none", socket.AF_UNIX, to_none)
look("UNIX, connects to the peer again", socket.AF_UNIX, to_the_peer)
look("UNIX, connects for the first time", socket.AF_UNIX, to_the_peer, first=True)
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
