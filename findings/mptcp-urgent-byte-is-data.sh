#!/usr/bin/env bash
# Over MPTCP an urgent byte arrives as a byte of the stream, and nobody gets an error.
#
# One would guess that a protocol which has no urgent data refuses MSG_OOB with EOPNOTSUPP, as UNIX
# sockets did for decades; or that it works, as MPTCP means to stand in for TCP unseen (Go's listeners
# and mptcpize put it there).
#
# In fact send() ignores the flag and says 1, poll says IN where TCP's says PRI, recv() with MSG_OOB
# is an ordinary read, and SIOCATMARK, which would tell, is ENOTTY. Whoever used urgent data as a
# signal finds a byte more in the stream.
#
# Seen with Linux 6.18.44 and Python 3.11.7, for "a", an urgent "!" and "b":
#   TCP: send: 1, poll: IN PRI, recv: a, recv of MSG_OOB: !, recv: b, SIOCATMARK: ok
#   MPTCP: send: 1, poll: IN, recv: a!b, recv of MSG_OOB: EAGAIN, recv: EAGAIN, SIOCATMARK: ENOTTY
#   MPTCP, recv of MSG_OOB alone: a!b
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
import fcntl
import select
import socket
import time

MPTCP, SIOCATMARK = 262, 0x8905


def connection(protocol):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    server.bind(("127.0.0.1", 0))
    server.listen()
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    client.connect(server.getsockname())
    accepted, _ = server.accept()
    accepted.setblocking(False)
    client.send(b"a")
    sent = client.send(b"!", socket.MSG_OOB)
    client.send(b"b")
    time.sleep(0.3)
    return client, accepted, sent


def outcome(call, *arguments):
    try:
        result = call(*arguments)
        return result.decode() if isinstance(result, bytes) else "ok"
    except OSError as error:
        return errno.errorcode[error.errno]


def events(descriptor):
    poll = select.poll()
    poll.register(descriptor, select.POLLIN | select.POLLPRI)
    ready = dict(poll.poll(1000)).get(descriptor.fileno(), 0)
    return " ".join(name for bit, name in ((1, "IN"), (2, "PRI")) if ready & bit)


for name, protocol in (("TCP", 0), ("MPTCP", MPTCP)):
    client, accepted, sent = connection(protocol)
    print(
        f"{name}: send: {sent}, poll: {events(accepted)}, recv: {outcome(accepted.recv, 10)},",
        f"recv of MSG_OOB: {outcome(accepted.recv, 1, socket.MSG_OOB)},",
        f"recv: {outcome(accepted.recv, 10)},",
        f"SIOCATMARK: {outcome(fcntl.ioctl, accepted, SIOCATMARK, bytearray(4))}",
    )
client, accepted, _ = connection(MPTCP)
print("MPTCP, recv of MSG_OOB alone:", outcome(accepted.recv, 10, socket.MSG_OOB))
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
