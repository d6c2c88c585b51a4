#!/usr/bin/env bash
# One descriptor may be in any number of epoll sets, but in 500 of them, and no more, if each of those is
# watched by another epoll set.
#
# One would guess what epoll_ctl(2) and epoll(7) say: what limits an epoll set is the memory of its
# entries (ENOSPC), and what limits sets in sets is a depth of five (ELOOP).
#
# In fact the kernel counts the ways that an event may take through sets in sets, and refuses the one
# too many with EINVAL, for which the manual has other reasons: 500 through one set, 100 through two.
# An eventfd that stops all of a program's loops is such a descriptor, once each loop's set is watched
# by one above. Sets that nobody watches are not counted.
#
# Seen with Linux 6.18.44 and Python 3.11.7, one eventfd in each set:
#   sets on their own: no limit up to 2000
#   sets that are watched by another: 500, then EINVAL
#   sets that are watched by one that is watched by another: 100, then EINVAL
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
import resource
import select

TRIES = 2000
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard if 0 <= hard < TRIES + 100 else TRIES + 100, hard))


def look(what, levels):
    event = os.eventfd(0)
    above = [select.epoll() for _ in range(levels)]
    for outer, inner in zip(above, above[1:]):
        outer.register(inner.fileno(), select.EPOLLIN)
    sets = []
    try:
        for count in range(TRIES):
            sets.append(select.epoll())
            if above:
                above[-1].register(sets[-1].fileno(), select.EPOLLIN)
            sets[-1].register(event, select.EPOLLIN)
        seen = f"no limit up to {TRIES}"
    except OSError as error:
        seen = f"{count}, then {errno.errorcode[error.errno]}"
    for each in sets + above:
        each.close()
    print(f"{what}: {seen}")


look("sets on their own", 0)
look("sets that are watched by another", 1)
look("sets that are watched by one that is watched by another", 2)
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
