#!/usr/bin/env bash
# The queue of a UNIX datagram socket is limited to net.unix.max_dgram_qlen, unless its sender is
# connected back to: a socketpair takes twenty times as many.
#
# One would guess that the limit is one of the receiver's queue, for whoever sends: a sender that is
# not heard gets EAGAIN, and poll says that it is not writable, after 10 datagrams or so.
#
# In fact the kernel leaves the limit out where the receiver is connected to the sender, as both ends
# of a socketpair are, or to itself: there only the sender's buffer counts, and poll says OUT up to a
# quarter of it. A program that was tried over a socketpair meets the short queue when its peer has a
# name.
#
# Seen with Linux 6.18.44 and Python 3.11.7, datagrams of a byte, the limit at 10:
#   sent to a name: more than the limit: 1, poll: OUT
#   connected to a receiver that is not: more than the limit: 1, poll: silent
#   connected to each other: more than the limit: more than 50, poll: silent
#   socketpair: more than the limit: more than 50, poll: silent
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
import select
import socket

with open("/proc/sys/net/unix/max_dgram_qlen") as file:
    LIMIT = int(file.read())
FOLDER = os.environ["TMPDIR"]


def bound(name):
    new = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    new.bind(os.path.join(FOLDER, name))
    return new


def look(what, sender, send):
    sender.setblocking(False)
    count = 0
    try:
        while count < 100000:
            send()
            count += 1
    except BlockingIOError:
        pass
    poll = select.poll()
    poll.register(sender, select.POLLOUT)
    more = count - LIMIT
    print(f"{what}: more than the limit: {more if more <= 50 else 'more than 50'},", end=" ")
    print("poll:", "OUT" if poll.poll(0) else "silent")


sender, receiver = bound("1"), bound("2")
look("sent to a name", sender, lambda: sender.sendto(b"x", receiver.getsockname()))
sender, receiver = bound("3"), bound("4")
sender.connect(receiver.getsockname())
look("connected to a receiver that is not", sender, lambda: sender.send(b"x"))
sender, receiver = bound("5"), bound("6")
sender.connect(receiver.getsockname())
receiver.connect(sender.getsockname())
look("connected to each other", sender, lambda: sender.send(b"x"))
sender, receiver = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
look("socketpair", sender, lambda: sender.send(b"x"))
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
