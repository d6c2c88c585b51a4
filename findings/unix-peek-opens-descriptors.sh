#!/usr/bin/env bash
# To peek at a message that carries a descriptor opens that descriptor, each time.
#
# One would guess that recvmsg() with MSG_PEEK shows what is there, changes nothing, and may be called
# as often as one likes: the descriptor comes with the read that takes the message.
#
# In fact each peek that has room for control data puts another duplicate of the passed file into the
# process, under a number of its own: whoever looks at what is next, and closes only what the read
# gives, runs out of descriptors, and the passed file stays open after all have closed it. A peek
# without room for control data opens nothing, and says MSG_CTRUNC. Neither unix(7) nor recv(2) says
# so.
#
# Seen with Linux 6.18.44 and Python 3.11.7, one byte and the end of a pipe sent:
#   peeked 3 times: 3 descriptors more, all of them the passed file
#   read: 1 descriptor more
#   the read's and the sender's are closed: the pipe's other end: open
#   the peeks' are closed: the pipe's other end: hung up
#   peeked without room for control data: 0 descriptors more, MSG_CTRUNC
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
import array
import os
import select
import socket


def opened():
    return len(os.listdir("/proc/self/fd"))


def receive(receiver, flags, room=64):
    _, control, told, _ = receiver.recvmsg(1, room, flags)
    return [array.array("i", data)[0] for _, _, data in control], told


def counted(count):
    return f"{count} descriptor" + ("" if count == 1 else "s") + " more"


def other_end():
    poll = select.poll()
    poll.register(readable, select.POLLIN)
    return "hung up" if poll.poll(0) else "open"


readable, writable = os.pipe()
sender, receiver = socket.socketpair()
socket.send_fds(sender, [b"x"], [writable])
before = opened()
peeked = [receive(receiver, socket.MSG_PEEK)[0][0] for _ in range(3)]
same = all(os.path.sameopenfile(fd, writable) for fd in peeked) and len(set(peeked)) == 3
print(f"peeked 3 times: {counted(opened() - before)},", end=" ")
print("all of them the passed file" if same else peeked)
before = opened()
read = receive(receiver, 0)[0][0]
print("read:", counted(opened() - before))
os.close(read)
os.close(writable)
print("the read's and the sender's are closed: the pipe's other end:", other_end())
for descriptor in peeked:
    os.close(descriptor)
print("the peeks' are closed: the pipe's other end:", other_end())

socket.send_fds(sender, [b"x"], [readable])
before = opened()
told = receive(receiver, socket.MSG_PEEK, room=0)[1]
print(f"peeked without room for control data: {counted(opened() - before)},", end=" ")
print("MSG_CTRUNC" if told & socket.MSG_CTRUNC else "nothing said")
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
