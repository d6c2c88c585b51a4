#!/usr/bin/env bash
# inotify on a folder tells that a FIFO or a terminal in it was opened, and never that it was written
# or read; inotify on the FIFO itself does.
#
# One would guess that to watch a folder is to watch each of its files for the same events: so
# inotify(7) says of MODIFY and ACCESS, and so it is for OPEN.
#
# In fact the kernel leaves a folder's watchers out where what is written or read is no regular file,
# lest the times alone tell them what others type. Whoever watches the special file by its own name is
# told of each write and read, of a FIFO, of a terminal in /dev/pts, and even of an unnamed pipe by its
# name in /proc/self/fd.
#
# Seen with Linux 6.18.44 and Python 3.11.7, opened, written and read by others:
#   regular file, its folder is watched: OPEN MODIFY ACCESS
#   regular file, itself is watched: OPEN MODIFY ACCESS
#   FIFO, its folder is watched: OPEN
#   FIFO, itself is watched: OPEN MODIFY ACCESS
#   terminal, its folder is watched: OPEN
#   terminal, itself is watched: OPEN MODIFY ACCESS
#   unnamed pipe, itself is watched: MODIFY ACCESS
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
import pty
import struct
import tty

libc = ctypes.CDLL(None, use_errno=True)
NAMES = {0x20: "OPEN", 0x2: "MODIFY", 0x1: "ACCESS"}


def watch(path):
    notifier = libc.inotify_init1(os.O_NONBLOCK)
    if libc.inotify_add_watch(notifier, path.encode(), sum(NAMES)) < 0:
        raise OSError(ctypes.get_errno(), path)
    return notifier


def events(notifier, name):
    mask = 0
    try:
        while True:
            queued = os.read(notifier, 65536)
            while queued:
                _, bits, _, length = struct.unpack_from("iIII", queued)
                if length == 0 or queued[16 : 16 + length].rstrip(b"\0").decode() == name:
                    mask |= bits
                queued = queued[16 + length :]
    except BlockingIOError:
        pass
    return " ".join(text for bit, text in NAMES.items() if mask & bit) or "nothing"


def look(what, path, act):
    folder, name = os.path.split(path)
    by_folder, by_itself = watch(folder), watch(path)
    act(path)
    print(f"{what}, its folder is watched: {events(by_folder, name)}")
    print(f"{what}, itself is watched: {events(by_itself, name)}")


def write_and_read(path):
    descriptor = os.open(path, os.O_RDWR)
    os.write(descriptor, b"x")
    if os.path.isfile(path):
        os.lseek(descriptor, 0, os.SEEK_SET)
    os.read(descriptor, 1)


folder = os.environ["TMPDIR"]
open(os.path.join(folder, "file"), "w").close()
look("regular file", os.path.join(folder, "file"), write_and_read)
os.mkfifo(os.path.join(folder, "fifo"))
look("FIFO", os.path.join(folder, "fifo"), write_and_read)

master, terminal = pty.openpty()
tty.setraw(terminal)


def write_and_read_terminal(path):
    descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY)
    os.write(descriptor, b"x")
    os.write(master, b"y")
    os.read(descriptor, 1)


look("terminal", os.ttyname(terminal), write_and_read_terminal)

readable, writable = os.pipe()
notifier = watch(f"/proc/self/fd/{readable}")
os.write(writable, b"x")
os.read(readable, 1)
print("unnamed pipe, itself is watched:", events(notifier, ""))
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
