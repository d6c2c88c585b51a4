#!/usr/bin/env bash
# A read that fails with EAGAIN takes the urgent byte away.
#
# One would guess that a read which finds nothing changes nothing: an urgent byte is read with MSG_OOB,
# by its own call, and stays until it is, or the next one comes.
#
# In fact an ordinary recv() that finds nothing but the urgent byte skips it: it says EAGAIN, and from
# then on MSG_OOB says EINVAL, and poll nothing. So does one that goes on behind it. Who reads first,
# and looks for the urgent byte then, finds none, over TCP as over a UNIX socket. And of a UNIX socket
# poll says IN with PRI, though there is nothing to read: that leads one to read first.
#
# Seen with Linux 6.18.44 and Python 3.11.7, for an urgent "!":
#   TCP: poll: PRI, recv of MSG_OOB: !, recv: EAGAIN, poll: silent
#   TCP: poll: PRI, recv: EAGAIN, recv of MSG_OOB: EINVAL, poll: silent
#   UNIX: poll: IN PRI, recv of MSG_OOB: !, recv: EAGAIN, poll: silent
#   UNIX: poll: IN PRI, recv: EAGAIN, recv of MSG_OOB: EINVAL, poll: silent
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


def tcp():
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        return client, server.accept()[0]


def poll(receiver, timeout):
    asked = select.poll()
    asked.register(receiver, select.POLLIN | select.POLLPRI)
    ready = dict(asked.poll(timeout)).get(receiver.fileno(), 0)
    names = [name for name, bit in (("IN", select.POLLIN), ("PRI", select.POLLPRI)) if ready & bit]
    return "poll: " + (" ".join(names) or "silent")


def recv(receiver, flags):
    try:
        got = receiver.recv(10, flags | socket.MSG_DONTWAIT).decode()
    except OSError as refused:
        got = errno.errorcode[refused.errno]
    return ("recv of MSG_OOB: " if flags else "recv: ") + got


for name, connection in (("TCP", tcp), ("UNIX", socket.socketpair)):
    for order in ((socket.MSG_OOB, 0), (0, socket.MSG_OOB)):
        sender, receiver = connection()
        sender.send(b"!", socket.MSG_OOB)
        seen = [poll(receiver, 10_000)]
        seen += [recv(receiver, flags) for flags in order]
        seen += [poll(receiver, 100)]
        print(f"{name}: " + ", ".join(seen))
        sender.close()
        receiver.close()
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
