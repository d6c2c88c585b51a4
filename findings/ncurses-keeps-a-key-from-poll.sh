#!/usr/bin/env bash
# ncurses reads on behind an Escape, and poll knows nothing of the key that it then has.
#
# One would guess that getch() takes one key from the terminal, so that an event loop may call it once
# for each time that poll reports the terminal as readable.
#
# In fact, with keypad() on, getch() reads behind an Escape to see whether a function key follows. If
# none does, it returns the Escape and keeps what else it has read: poll says that there is nothing to
# read, and the key comes out only once another one is pressed. Alt-x, which terminals send as Escape
# and x, is such a case. Call getch() with nodelay() until it gives ERR.
#
# Seen with ncurses 6.4 (and 6.5), Python 3.11.7, Linux 6.18.44, getch() called once for each report:
#   Alt-x: poll: IN, getch: Escape
#   and then: poll: silent for 500 ms
#   y: poll: IN, getch: x
#   and then: poll: IN, getch: y
#   Alt-x, without keypad: poll: IN, getch: Escape
#   and then: poll: IN, getch: x
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

cat >"$temp/finding.py" <<'END'
import curses
import fcntl
import os
import pty
import select
import sys
import termios
import threading

master, terminal = pty.openpty()
report = os.fdopen(os.dup(1), "w")
os.dup2(terminal, 0)
os.dup2(terminal, 1)
os.environ["TERM"] = "xterm"


def drain():
    while os.read(master, 4096):
        pass


def look(what):
    ready = select.select([0], [], [], 0.5)[0]
    if not ready:
        seen = "silent for 500 ms"
    else:
        key = window.getch()
        seen = f"IN, getch: {'Escape' if key == 27 else chr(key)}"
    print(f"{what}: poll: {seen}", file=report, flush=True)


def press(keys):
    """Returns once all have arrived."""
    os.write(master, keys)
    while int.from_bytes(fcntl.ioctl(0, termios.FIONREAD, bytes(4)), sys.byteorder) < len(keys):
        pass


threading.Thread(target=drain, daemon=True).start()
window = curses.initscr()
curses.cbreak()
curses.noecho()
window.refresh()
window.keypad(True)
press(b"\x1bx")
look("Alt-x")
look("and then")
press(b"y")
look("y")
look("and then")
window.keypad(False)
press(b"\x1bx")
look("Alt-x, without keypad")
look("and then")
curses.endwin()
END

echo "$(uname -sr), $(python3 --version), ncurses $(python3 -c 'import curses; print(*curses.ncurses_version, sep=".")')"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
