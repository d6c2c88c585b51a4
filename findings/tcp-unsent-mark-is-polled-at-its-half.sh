#!/usr/bin/env bash
# With TCP_NOTSENT_LOWAT a socket becomes writable at half of the mark, and takes data up to the whole.
#
# One would guess what the kernel's documentation says: poll and epoll report a socket as writable
# while the bytes that have not been sent are below the mark.
#
# In fact they do so below half of it. Between the half and the whole, poll is silent and send() goes
# on to succeed: a loop that waits before it writes keeps half of what it asked for. Only send() stops
# at the mark itself.
#
# Seen with Linux 6.18.44 and Python 3.11.7, a mark of 20000 and a peer that does not read:
#   fewer than 10000 bytes unsent: poll: OUT
#   10000 and more: poll: silent, send: ok
#   20000 and more: poll: silent, send: EAGAIN
#   the peer reads, the socket is writable again at: fewer than 10000
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
import struct
import time

TCP_NOTSENT_LOWAT, SIOCOUTQNSD, MARK = 25, 0x894B, 20000
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
server.bind(("127.0.0.1", 0))
server.listen()
sender = socket.create_connection(server.getsockname())
sender.setsockopt(socket.IPPROTO_TCP, TCP_NOTSENT_LOWAT, MARK)
sender.setblocking(False)
receiver, _ = server.accept()
poll = select.poll()
poll.register(sender, select.POLLOUT)


def unsent():
    return struct.unpack("i", fcntl.ioctl(sender, SIOCOUTQNSD, b"    "))[0]


def state():
    return "poll: OUT" if poll.poll(0) else "poll: silent"


def settled():
    before = -1
    while before != unsent():
        before = unsent()
        time.sleep(0.01)
    return before


def send():
    try:
        sender.send(b"x" * 500)
        return "ok"
    except OSError as error:
        return errno.errorcode[error.errno]


below, above = set(), set()
while True:
    count = settled()
    before = state()
    sent = send()
    if count < MARK // 2:
        below.add(before)
    elif sent == "ok":
        above.add(f"{before}, send: {sent}")
    else:
        at_the_mark = f"{before}, send: {sent}"
        break
print("fewer than 10000 bytes unsent:", *sorted(below))
print("10000 and more:", *sorted(above))
print("20000 and more:" if count >= MARK else f"{count}:", at_the_mark)
while state() == "poll: silent" and unsent() > 0:
    receiver.recv(1000)
    count = settled()
print("the peer reads, the socket is writable again at:", end=" ")
print("fewer than 10000" if count < MARK // 2 else count)
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
