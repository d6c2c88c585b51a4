#!/usr/bin/env bash
# A read of fanotify that fails with EMFILE has taken the event away.
#
# One would guess that a read() which returns an error has read nothing, as inotify's EINVAL for too
# small a buffer: free a descriptor and read again.
#
# In fact each failed read drops one event, of a group that reports descriptors: the kernel takes it
# off the queue, finds no number for its file, and forgets it. poll says IN until the last is gone, so
# a loop that retries empties the queue. Nothing like FAN_Q_OVERFLOW is reported.
#
# Seen with Linux 6.18.44 and Python 3.11.7, after three files were written:
#   at the descriptor limit, poll: IN, read: EMFILE
#   at the descriptor limit, poll: IN, read: EMFILE
#   the limit is raised, poll: IN, read: an event of the third file
#   poll: silent
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
[[ $EUID == 0 ]] || { echo "It needs root: for fanotify." >&2 && exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export TMPDIR=$temp

cat >"$temp/finding.py" <<'END'
import ctypes
import errno
import os
import resource
import select
import struct
import sys
import tempfile

FAN_NONBLOCK, FAN_MARK_ADD, FAN_CLOSE_WRITE, FAN_EVENT_ON_CHILD = 2, 1, 0x8, 0x08000000
AT_FDCWD = -100
EVENT = struct.Struct("IBBHQii")
libc = ctypes.CDLL(None, use_errno=True)
libc.fanotify_mark.argtypes = [
    ctypes.c_int, ctypes.c_uint, ctypes.c_uint64, ctypes.c_int, ctypes.c_char_p,
]


def state():
    return "IN" if poll.poll(0) else "silent"


def read():
    try:
        event = EVENT.unpack_from(os.read(group, EVENT.size))
    except OSError as error:
        return errno.errorcode[error.errno]
    return "an event of the " + os.path.basename(os.readlink(f"/proc/self/fd/{event[5]}")) + " file"


with tempfile.TemporaryDirectory() as folder:
    group = libc.fanotify_init(FAN_NONBLOCK, os.O_RDONLY)
    mask = FAN_CLOSE_WRITE | FAN_EVENT_ON_CHILD
    if libc.fanotify_mark(group, FAN_MARK_ADD, mask, AT_FDCWD, folder.encode()) != 0:
        sys.exit("no fanotify: " + errno.errorcode[ctypes.get_errno()])
    poll = select.poll()
    poll.register(group, select.POLLIN)
    for name in ("first", "second", "third"):
        with open(os.path.join(folder, name), "w") as file:
            file.write(name)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    next_free = os.dup(0)
    os.close(next_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (next_free, hard))
    for _ in range(2):
        print(f"at the descriptor limit, poll: {state()}, read: {read()}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    print(f"the limit is raised, poll: {state()}, read: {read()}")
    print("poll:", state())
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
