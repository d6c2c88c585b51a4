#!/usr/bin/env bash
# A UNIX stream socket is full after some 300 bytes that are written one by one, and not writable after
# 70.
#
# One would guess that a stream takes as many bytes as its buffer has, 200 KB, however they are
# written, as a pipe and TCP do: to wake a loop, a byte is written into a socketpair, and some
# thousands of them do not matter.
#
# In fact each write lies in a buffer of its own, which counts with what the kernel needs to manage it,
# 768 bytes for a byte, and nothing is merged. poll says OUT up to a quarter of SO_SNDBUF, and the
# writer gets EAGAIN, or waits, at the whole. The 278 bytes or so of a default buffer are soon there
# when the reader is busy.
#
# Seen with Linux 6.18.44 and Python 3.11.7, sizes as they come:
#   pipe: full after more than 50000 writes of a byte
#   TCP: full after more than 50000 writes of a byte
#   UNIX stream: not writable after fewer than 100, full after fewer than 400
#   UNIX stream: one large write takes more than 100000 bytes
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

MANY = 50000


def amount(count, limits=(100, 400)):
    if count >= MANY:
        return f"more than {MANY}"
    return next((f"fewer than {limit}" for limit in limits if count < limit), str(count))


def fill(descriptor):
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    os.set_blocking(descriptor, False)
    writable = count = 0
    try:
        while count < MANY + 1:
            if poll.poll(0) and writable == count:
                writable += 1
            count += os.write(descriptor, b"x")
    except BlockingIOError:
        pass
    return writable, count


readable, writable = os.pipe()
print(f"pipe: full after {amount(fill(writable)[1])} writes of a byte")
with socket.create_server(("127.0.0.1", 0)) as server:
    sender = socket.create_connection(server.getsockname())
    receiver, _ = server.accept()
print(f"TCP: full after {amount(fill(sender.fileno())[1])} writes of a byte")
sender, receiver = socket.socketpair()
ready, taken = fill(sender.fileno())
print(f"UNIX stream: not writable after {amount(ready)}, full after {amount(taken)}")
sender, receiver = socket.socketpair()
sender.setblocking(False)
taken = sender.send(bytes(1 << 20))
print("UNIX stream: one large write takes", "more than 100000 bytes" if taken > 100000 else taken)
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
