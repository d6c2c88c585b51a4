#!/usr/bin/env bash
# A periodic timerfd that nobody reads gives an edge-triggered epoll set one event, ever.
#
# One would guess an event for each period, as an eventfd gives one for each write, read or not; so a
# loop that only wants the tick could leave out the read.
#
# In fact the kernel arms a periodic timer again only when it is read (or asked by timerfd_gettime): the
# first expiry is the last that wakes anyone. The read then counts all the periods that went by.
#
# Seen with Linux 6.18.44 and Python 3.11.7:
#   eventfd written 20 times, never read: 20 edges
#   timerfd after 20 periods, never read: 1 edge
#   the read counts the periods that went by: yes
#   after the read: an edge again
#   after timerfd_gettime alone: an edge again
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
import ctypes
import os
import select
import struct
import time

PERIOD = 20_000_000  # nanoseconds
libc = ctypes.CDLL(None, use_errno=True)


def epoll_of(descriptor):
    epoll = select.epoll()
    epoll.register(descriptor, select.EPOLLIN | select.EPOLLET)
    return epoll


def edges(epoll, seconds):
    count, end = 0, time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        count += len(epoll.poll(left))
    return count


counter = libc.eventfd(0, os.O_NONBLOCK)
epoll = epoll_of(counter)
count = 0
for _ in range(20):
    os.write(counter, struct.pack("Q", 1))
    count += len(epoll.poll(1))
print(f"eventfd written 20 times, never read: {count} edges")

timer = libc.timerfd_create(time.CLOCK_MONOTONIC, os.O_NONBLOCK)
libc.timerfd_settime(timer, 0, struct.pack("4q", 0, PERIOD, 0, PERIOD), None)
epoll = epoll_of(timer)
print(f"timerfd after 20 periods, never read: {edges(epoll, 20 * PERIOD / 1e9)} edge")
periods = struct.unpack("Q", os.read(timer, 8))[0]
print("the read counts the periods that went by:", "yes" if periods >= 20 else periods)
print("after the read:", "an edge again" if edges(epoll, 0.2) == 1 else "otherwise")
libc.timerfd_gettime(timer, ctypes.create_string_buffer(32))
print("after timerfd_gettime alone:", "an edge again" if edges(epoll, 0.2) == 1 else "otherwise")
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
