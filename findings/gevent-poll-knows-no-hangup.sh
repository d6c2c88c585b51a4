#!/usr/bin/env bash
# Under gevent, select.poll tells neither a hang-up nor an error: they are IN or OUT, whichever was
# asked.
#
# One would guess that gevent.select.poll, which monkey.patch_all() puts in place of select.poll,
# gives the same answers; its documentation leaves out POLLPRI alone.
#
# In fact a hang-up comes as IN, and as IN and OUT of a pipe's read end where one asked for both, so
# that the usual "if event & POLLHUP" is dead code, and a loop that asks for nothing but the hang-up,
# which poll reports unasked, never hears of it. gevent's select() calls the read end of such a pipe
# writable.
#
# Seen with gevent 25.9.1, Python 3.11.7 (and 3.13.0), Linux 6.18.44:
#   a pipe whose writer went, for IN: HUP, gevent: IN
#   a pipe whose writer went, for IN OUT: HUP, gevent: IN OUT
#   a pipe whose writer went, for nothing: HUP, gevent: silent
#   a pipe whose reader went, for IN: ERR, gevent: IN
#   a pipe whose reader went, for OUT: OUT ERR, gevent: OUT
#   a pipe whose writer went, select() for writing: silent, gevent: ready
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

import gevent.select

EVENTS = {1: "IN", 4: "OUT", 8: "ERR", 16: "HUP"}


def names(events):
    return " ".join(name for bit, name in EVENTS.items() if events & bit)


def polled(module, descriptor, asked):
    poll = module.poll()
    poll.register(descriptor, asked)
    ready = dict(poll.poll(300)).get(descriptor, 0)
    return names(ready) or "silent"


def look(what, descriptor, asked):
    seen = [polled(module, descriptor, asked) for module in (select, gevent.select)]
    print(f"{what}, for {names(asked) or 'nothing'}: {seen[0]}, gevent: {seen[1]}")


readable, writable = os.pipe()
os.close(writable)
look("a pipe whose writer went", readable, select.POLLIN)
look("a pipe whose writer went", readable, select.POLLIN | select.POLLOUT)
look("a pipe whose writer went", readable, 0)
other_readable, writable = os.pipe()
os.close(other_readable)
look("a pipe whose reader went", writable, select.POLLIN)
look("a pipe whose reader went", writable, select.POLLOUT)
seen = [
    "ready" if module.select([], [readable], [], 0.3)[1] else "silent"
    for module in (select, gevent.select)
]
print(f"a pipe whose writer went, select() for writing: {seen[0]}, gevent: {seen[1]}")
END

python3 -m pip install -q --disable-pip-version-check --root-user-action ignore \
  --target "$temp/packages" gevent==25.9.1 >&2
echo "$(uname -sr), $(python3 --version)"
PYTHONPATH="$temp/packages" python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
