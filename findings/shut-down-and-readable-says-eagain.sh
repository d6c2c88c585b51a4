#!/usr/bin/env bash
# A UNIX listener or a datagram socket that was shut down for reading is readable for ever, and each
# non-blocking call says EAGAIN; the same call says what is the matter when it may block.
#
# One would guess that shutdown(SHUT_RD), which is how one gets another thread out of accept() or
# recv(), has every call end the same way: EINVAL from accept(), as of TCP, and the end of the stream
# from recv().
#
# In fact the kernel looks for the shutdown where a call would fall asleep, which one that does not
# block never does: it finds an empty queue, and says EAGAIN. poll says IN beside it: a loop that does
# what it is told accepts nothing, and spins, as the usual "EAGAIN, so another was quicker" hides it.
# UDP is the same as a UNIX datagram socket.
#
# Seen with Linux 6.18.44 and Python 3.11.7, after shutdown(SHUT_RD):
#   TCP listener: poll: HUP, accept: EINVAL, non-blocking: EINVAL
#   UNIX listener: poll: IN, accept: EINVAL, non-blocking: EAGAIN
#   UNIX stream: poll: IN, recv: end, non-blocking: end
#   UNIX seqpacket: poll: IN, recv: end, non-blocking: end
#   UNIX datagram: poll: IN, recv: end, non-blocking: EAGAIN
#   UDP: poll: IN, recv: end, non-blocking: EAGAIN
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
import os
import select
import socket

NAMES = {select.POLLIN: "IN", select.POLLERR: "ERR", select.POLLHUP: "HUP"}


def outcome(call):
    try:
        return "end" if call() == b"" else "done"
    except OSError as error:
        return errno.errorcode[error.errno]


def look(what, subject, name, call):
    subject.shutdown(socket.SHUT_RD)
    poll = select.poll()
    poll.register(subject, select.POLLIN)
    events = poll.poll(0)
    ready = " ".join(text for bit, text in NAMES.items() if events and events[0][1] & bit)
    subject.setblocking(True)
    blocking = outcome(call)
    subject.setblocking(False)
    print(f"{what}: poll: {ready or 'silent'}, {name}: {blocking}, non-blocking: {outcome(call)}")


def listener(family, address):
    server = socket.socket(family, socket.SOCK_STREAM)
    server.bind(address)
    server.listen()
    return server


path = os.path.join(os.environ["TMPDIR"], "listener")
for what, server in (
    ("TCP listener", listener(socket.AF_INET, ("127.0.0.1", 0))),
    ("UNIX listener", listener(socket.AF_UNIX, path)),
):
    look(what, server, "accept", server.accept)
for what, kind in (
    ("UNIX stream", socket.SOCK_STREAM),
    ("UNIX seqpacket", socket.SOCK_SEQPACKET),
    ("UNIX datagram", socket.SOCK_DGRAM),
):
    ours, theirs = socket.socketpair(socket.AF_UNIX, kind)
    look(what, ours, "recv", lambda: ours.recv(16))
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", 0))
udp.connect(udp.getsockname())
look("UDP", udp, "recv", lambda: udp.recv(16))
END

echo "$(uname -sr), $(python3 --version)"
timeout 60 python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
