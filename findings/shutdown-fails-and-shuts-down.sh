#!/usr/bin/env bash
# shutdown() of a socket that is not connected fails with ENOTCONN, and shuts it down all the same.
#
# One would guess that a call which fails has done nothing: the socket can be connected later as if it
# had never been made.
#
# In fact the kernel notes the shutdown before it returns the error (for those who are asleep in a
# poll of a UDP socket). A TCP socket that is connected afterwards connects, and its first send is
# EPIPE, or its first poll says that the peer has gone. connect() does not clear it. MPTCP is the
# same.
#
# Seen with Linux 6.18.44 and Python 3.11.7:
#   TCP, SHUT_WR: ENOTCONN, then connect: ok, poll: OUT, send: EPIPE
#   TCP, SHUT_RD: ENOTCONN, then connect: ok, poll: IN OUT RDHUP, send: ok
#   MPTCP, SHUT_WR: ENOTCONN, then connect: ok, poll: OUT, send: EPIPE
#   MPTCP, SHUT_RD: ENOTCONN, then connect: ok, poll: IN OUT RDHUP, send: ok
#   UDP, SHUT_WR: ENOTCONN, then connect: ok, poll: OUT, send: EPIPE
#   UDP, SHUT_RD: ENOTCONN, then connect: ok, poll: IN OUT RDHUP, send: ok
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
import errno
import select
import socket

MPTCP = 262
EVENTS = {1: "IN", 2: "PRI", 4: "OUT", 8: "ERR", 16: "HUP", 0x2000: "RDHUP"}


def outcome(call, *arguments):
    try:
        call(*arguments)
        return "ok"
    except OSError as error:
        return errno.errorcode[error.errno]


def events(descriptor):
    poll = select.poll()
    poll.register(descriptor, sum(EVENTS))
    ready = dict(poll.poll(1000)).get(descriptor.fileno(), 0)
    return " ".join(name for bit, name in EVENTS.items() if ready & bit)


for name, kind, protocol in (
    ("TCP", socket.SOCK_STREAM, 0),
    ("MPTCP", socket.SOCK_STREAM, MPTCP),
    ("UDP", socket.SOCK_DGRAM, 0),
):
    for how in ("SHUT_WR", "SHUT_RD"):
        with socket.socket(socket.AF_INET, kind, protocol) as target, socket.socket(
            socket.AF_INET, kind, protocol
        ) as client:
            target.bind(("127.0.0.1", 0))
            if kind == socket.SOCK_STREAM:
                target.listen()
            print(
                f"{name}, {how}: {outcome(client.shutdown, getattr(socket, how))},",
                f"then connect: {outcome(client.connect, target.getsockname())},",
                f"poll: {events(client)}, send: {outcome(client.send, b'x')}",
            )
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
