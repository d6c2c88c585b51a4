#!/usr/bin/env bash
# A connection that was reset still gives the data that came before, behind an ERR from poll.
#
# One would guess what the books say of TCP: a reset throws away what the receiver has not read, and
# the next read is ECONNRESET. For a UNIX socket one would guess an end of file, as it has no resets.
#
# In fact Linux keeps what had arrived. poll says IN, ERR and HUP together, the reads give all of it,
# then ECONNRESET, once, then the end of file (a UNIX seqpacket socket: the error first, and then the
# data); who closes at the sight of ERR, or asks SO_ERROR first and believes it, loses a last message
# (and who reads first gets data from a connection that is gone). A UNIX stream that is closed with
# unread data in it resets its peer the same way, and so does a listening UNIX socket that is closed
# before it accepts.
#
# Seen with Linux 6.18.44 and Python 3.11.7, "bye" and then the reset:
#   TCP: poll: IN OUT ERR HUP RDHUP, reads: bye, ECONNRESET, end, end
#   MPTCP: poll: IN OUT ERR HUP RDHUP, reads: bye, ECONNRESET, end, end
#   UNIX stream: poll: IN OUT ERR HUP RDHUP, reads: bye, ECONNRESET, end, end
#   UNIX seqpacket: poll: IN OUT ERR HUP RDHUP, reads: ECONNRESET, bye, end, end
#   UNIX, never accepted: poll: IN OUT ERR HUP RDHUP, reads: ECONNRESET, end, end, end
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
import struct

MPTCP = 262
EVENTS = {1: "IN", 4: "OUT", 8: "ERR", 16: "HUP", 0x2000: "RDHUP"}


def read(descriptor):
    try:
        return descriptor.recv(100, socket.MSG_DONTWAIT).decode() or "end"
    except OSError as error:
        return errno.errorcode[error.errno]


def look(name, descriptor):
    reset = select.poll()
    reset.register(descriptor, 0)  # for ERR and HUP alone
    reset.poll(10_000)
    poll = select.poll()
    poll.register(descriptor, sum(EVENTS))
    ready = dict(poll.poll(0)).get(descriptor.fileno(), 0)
    events = " ".join(name for bit, name in EVENTS.items() if ready & bit)
    print(f"{name}: poll: {events}, reads: {', '.join(read(descriptor) for _ in range(4))}")


for name, protocol in (("TCP", 0), ("MPTCP", MPTCP)):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    server.bind(("127.0.0.1", 0))
    server.listen()
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    client.connect(server.getsockname())
    accepted, _ = server.accept()
    accepted.send(b"bye")
    select.select([client], [], [], 10)
    accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    accepted.close()
    look(name, client)
for name, kind in (("stream", socket.SOCK_STREAM), ("seqpacket", socket.SOCK_SEQPACKET)):
    ours, peer = socket.socketpair(socket.AF_UNIX, kind)
    ours.send(b"nobody reads this")
    peer.send(b"bye")
    peer.close()
    look("UNIX " + name, ours)
server = socket.socket(socket.AF_UNIX)
server.bind("")  # an abstract name of the kernel's choice
server.listen()
client = socket.socket(socket.AF_UNIX)
client.connect(server.getsockname())
server.close()
look("UNIX, never accepted", client)
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
