#!/usr/bin/env bash
# Under one number, an epoll set has an entry for each file that is still open elsewhere, and
# EPOLL_CTL_MOD changes the one that the number happens to name, which need not be the latest.
#
# One would guess that a number that was added is the entry that a later MOD or DEL of it is about, and
# that a loop that sees ENOENT from MOD, and adds the number anew, is rid of the file before.
#
# In fact that one stays as long as a duplicate keeps it open. When its number names it again, as after
# `dup2` to redirect and `dup2` back, MOD succeeds: on the old entry. The one that was added since goes
# on, reports under the same number, and can be neither changed nor removed. No call tells the two
# apart: to learn whether a number still names the file that was added last, it does not do to ask the
# set.
#
# Seen with Linux 6.18.44 and Python 3.11.7:
#   modified before it is added: ENOENT
#   modified after the first file is back: done
#   entries under the number: 2
#   reported of the second file: its old events, under the number that names the first
#   after the number was removed: reported still
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

first, _first_writer = os.pipe()
second, second_writer = os.pipe()
number = os.dup(first)
epoll = select.epoll()


def modify():
    try:
        epoll.modify(number, select.EPOLLIN | select.EPOLLONESHOT)
        return "done"
    except OSError as e:
        return errno.errorcode[e.errno]


def entries():
    with open(f"/proc/self/fdinfo/{epoll.fileno()}") as info:
        return sum(line.split()[:2] == ["tfd:", str(number)] for line in info)


epoll.register(number, select.EPOLLIN)
os.dup2(second, number)
print("modified before it is added:", modify())
epoll.register(number, select.EPOLLIN)
os.dup2(first, number)
print("modified after the first file is back:", modify())
print("entries under the number:", entries())
os.write(second_writer, b"x")
reported = epoll.poll(0) == [(number, select.EPOLLIN)]
what = "its old events, under the number that names the first" if reported else "nothing"
print("reported of the second file:", what)
epoll.unregister(number)
print("after the number was removed: reported", "still" if epoll.poll(0) else "no more")
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
