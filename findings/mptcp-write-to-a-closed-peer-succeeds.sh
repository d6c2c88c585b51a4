#!/usr/bin/env bash
# Over MPTCP one can go on writing to a peer that has closed its socket; no call and no poll tells.
#
# One would guess TCP's behaviour: what is sent to a closed socket is answered by a reset, so that the
# second write is EPIPE and poll reports ERR and HUP.
#
# In fact MPTCP's close() tells the peer that no data will come, as shutdown(SHUT_WR) does, and goes
# on to take what is sent to it, to throw it away (for 20 s and more).  The writer sees the same as in
# a half-closed connection whose other side reads on.
#
# Seen with Linux 6.18.44 and Python 3.11.7, 20 writes within 2 s after the peer's close():
#   TCP: writes that succeeded: 1, then EPIPE, poll: IN OUT HUP RDHUP
#   MPTCP: writes that succeeded: 20, poll: IN OUT RDHUP
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
import time

MPTCP = 262
EVENTS = {1: "IN", 4: "OUT", 8: "ERR", 16: "HUP", 0x2000: "RDHUP"}


def events(descriptor):
    poll = select.poll()
    poll.register(descriptor, sum(EVENTS))
    ready = dict(poll.poll(1000)).get(descriptor.fileno(), 0)
    return " ".join(name for bit, name in EVENTS.items() if ready & bit)


for name, protocol in (("TCP", 0), ("MPTCP", MPTCP)):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    server.bind(("127.0.0.1", 0))
    server.listen()
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    client.connect(server.getsockname())
    accepted, _ = server.accept()
    accepted.close()
    succeeded, end = 0, ""
    try:
        for succeeded in range(20):
            time.sleep(0.1)
            client.send(b"nobody reads this")
        succeeded += 1
    except OSError as error:
        end = f", then {errno.errorcode[error.errno]}"
    print(f"{name}: writes that succeeded: {succeeded}{end}, poll: {events(client)}")
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
