#!/usr/bin/env bash
# After ENOBUFS a netlink socket drops every notification, also those it has room for, until it was
# read empty; and it tells of that with no second ENOBUFS.
#
# One would guess what the usual cure takes for granted: ENOBUFS says that something was lost, one
# lists everything anew, and what is multicast from then on comes or is reported as lost again.
#
# In fact the socket stays "congested" while one message is left in its queue. Who lists anew as soon
# as the error comes, and reads the rest of the queue later, misses in silence all that happens
# between. Read the queue to its EAGAIN first, then list.
#
# Seen with Linux 6.18.44 and Python 3.11.7, in a network namespace of its own:
#   a flood: ENOBUFS, messages still queued: yes
#   three of the queued messages were read: there is room again
#   the loopback interface goes up and down 20 times more
#   poll reports an error: no
#   messages of that: 0, ENOBUFS again: no
#   the queue was empty once; up and down once more
#   messages of that: some
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
[[ $EUID == 0 ]] || { echo "It needs root: to make a network namespace." >&2 && exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export TMPDIR=$temp

cat >"$temp/finding.py" <<'END'
import ctypes
import errno
import fcntl
import select
import socket
import struct

NEW_NETWORK, GROUP_LINK, SIOCSIFFLAGS = 0x40000000, 1, 0x8914
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(NEW_NETWORK) != 0:
    raise SystemExit("no network namespace: " + errno.errorcode[ctypes.get_errno()])
control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
listener = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)


def switch_loopback(times):
    for _ in range(times):
        for up in (1, 0):
            fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", up))


def read_all():
    messages = []
    while True:
        try:
            messages.append(listener.recv(65536))
        except OSError as error:
            if error.errno == errno.EAGAIN:
                return messages
            messages.append(errno.errorcode[error.errno])


switch_loopback(1)  # the first start of the interface has more to tell than the later ones
listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32768)
listener.bind((0, GROUP_LINK))
listener.setblocking(False)
switch_loopback(1)
capacity = 0
while True:  # how many messages the queue holds, in a first flood that is then forgotten
    switch_loopback(20)
    first = read_all()
    if "ENOBUFS" in first:
        capacity = len(first) - 1
        break

switch_loopback(capacity)
try:
    listener.recv(65536)
    reported = "none"
except OSError as error:
    reported = errno.errorcode[error.errno]
queued = bytes(listener.recv(65536, socket.MSG_PEEK))
print(f"a flood: {reported}, messages still queued: {'yes' if queued else 'no'}")
for _ in range(3):
    listener.recv(65536)
print("three of the queued messages were read: there is room again")
switch_loopback(20)
print("the loopback interface goes up and down 20 times more")
poll = select.poll()
poll.register(listener, select.POLLIN)
print("poll reports an error:", "yes" if poll.poll(0)[0][1] & select.POLLERR else "no")
rest = read_all()
print(f"messages of that: {len(rest) - (capacity - 3)},", end=" ")
print("ENOBUFS again:", "yes" if "ENOBUFS" in rest else "no")
switch_loopback(1)
print("the queue was empty once; up and down once more")
print("messages of that:", "some" if read_all() else "none")
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
