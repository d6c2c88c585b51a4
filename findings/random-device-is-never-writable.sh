#!/usr/bin/env bash
# /dev/random can be watched, but is never writable; /dev/urandom can't be watched at all.
#
# One would guess that the two are one by now: since Linux 5.18 both give the same bytes, never wait
# once the system has booted, and take what is written to them at any time.
#
# In fact /dev/random has a poll of its own, which says that it is readable, and writable only while
# the system has too little entropy, which is never again after boot: who feeds it waits for ever for
# what write() does at once. /dev/urandom has none: poll(2) says that it is ready for all, and epoll
# refuses it with EPERM, as it does a regular file.
#
# Seen with Linux 6.18.44 and Python 3.11.7:
#   /dev/random: poll: IN, epoll: IN, write: 1 byte
#   /dev/urandom: poll: IN OUT, epoll: EPERM, write: 1 byte
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


def names(events):
    return " ".join(name for name, bit in (("IN", select.POLLIN), ("OUT", select.POLLOUT)) if events & bit)


def by_epoll(fd):
    with select.epoll() as epoll:
        try:
            epoll.register(fd, select.EPOLLIN | select.EPOLLOUT)
        except OSError as refused:
            return errno.errorcode[refused.errno]
        return names(dict(epoll.poll(1))[fd])


for path in ("/dev/random", "/dev/urandom"):
    fd = os.open(path, os.O_RDWR)
    poll = select.poll()
    poll.register(fd, select.POLLIN | select.POLLOUT)
    found = names(dict(poll.poll(1000))[fd])
    print(f"{path}: poll: {found}, epoll: {by_epoll(fd)}, write: {os.write(fd, b'x')} byte")
    os.close(fd)
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
