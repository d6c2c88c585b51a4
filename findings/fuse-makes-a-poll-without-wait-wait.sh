#!/usr/bin/env bash
# poll with a timeout of 0 waits for as long as a FUSE server likes, and so does everybody who uses
# the epoll set that a file of that server is added to.
#
# One would guess that epoll refuses a regular file with EPERM, that a poll with a timeout of 0
# returns at once, and that adding a pipe to an epoll set never depends on what another thread adds.
#
# In fact epoll takes regular files of a FUSE file system. poll, select and epoll_ctl ask the server
# whether the file is ready and wait for its answer without a limit; in epoll_ctl that happens while
# the set is locked, so that the other threads' epoll_ctl and epoll_wait with a timeout of 0 wait,
# too. Only a server that has no poll is not asked: its files are always ready.
#
# Seen with Linux 6.18.44 and Python 3.11.7, with a server that answers each poll after 1 s:
#   poll, timeout 0: 1 s
#   select, timeout 0: 1 s
#   epoll_ctl ADD of the regular file: 1 s
#   epoll_wait, timeout 0, with a pipe that is ready beside it: 0 s
#   epoll_ctl ADD of a pipe while another thread adds the file: 1 s
#   epoll_wait, timeout 0, while another thread modifies the file: 1 s
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
[[ $EUID == 0 ]] || { echo "It needs root: for a mount in a namespace of its own." >&2 && exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export TMPDIR=$temp

cat >"$temp/finding.py" <<'END'
import ctypes
import errno
import os
import select
import signal
import struct
import sys
import tempfile
import threading
import time

NEW_MOUNTS, REC_PRIVATE, DETACH, PR_SET_PDEATHSIG = 0x20000, 0x44000, 2, 1
DELAY = 1.0
LOOKUP, FORGET, GETATTR, OPEN, RELEASE, FLUSH, INIT, INTERRUPT, POLL, BATCH_FORGET = (
    1, 2, 3, 14, 18, 25, 26, 36, 40, 42,
)
libc = ctypes.CDLL(None, use_errno=True)


def checked(result):
    if result != 0:
        sys.exit("no FUSE mount: " + errno.errorcode[ctypes.get_errno()])


def attributes(inode):
    mode = 0o40755 if inode == 1 else 0o100644
    return struct.pack("6Q10I", inode, 0, 0, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)


def serve(device):
    """A file system with one empty file, whose every poll is answered after a while."""
    while True:
        try:
            request = os.read(device, 1 << 20)
        except OSError:
            return
        _, call, number, inode = struct.unpack_from("IIQQ", request)
        body, error = b"", 0
        if call in (FORGET, BATCH_FORGET, INTERRUPT):
            continue
        if call == INIT:
            body = struct.pack("4I2H2I2H8I", 7, 31, 65536, 0, 12, 10, 65536, 1, *[0] * 10)
        elif call == LOOKUP:
            body = struct.pack("4Q2I", 2, 0, 1, 1, 0, 0) + attributes(2)
        elif call == GETATTR:
            body = struct.pack("Q2I", 1, 0, 0) + attributes(inode)
        elif call == OPEN:
            body = struct.pack("Q2I", 7, 1, 0)
        elif call == POLL:
            time.sleep(DELAY)
            body = struct.pack("2I", 0, 0)
        elif call not in (FLUSH, RELEASE):
            error = -errno.ENOSYS
        os.write(device, struct.pack("IiQ", 16 + len(body), error, number) + body)


def seconds(call, *arguments):
    started = time.monotonic()
    call(*arguments)
    return f"{int(time.monotonic() - started + 0.5)} s"


def beside(call):
    thread = threading.Thread(target=call)
    thread.start()
    time.sleep(0.1)
    return thread


checked(libc.unshare(NEW_MOUNTS))
checked(libc.mount(b"none", b"/", None, REC_PRIVATE, None))
device = os.open("/dev/fuse", os.O_RDWR)
mountpoint = tempfile.mkdtemp()
options = f"fd={device},rootmode=40000,user_id=0,group_id=0".encode()
checked(libc.mount(b"slow", mountpoint.encode(), b"fuse", 0, options))
client = os.getpid()
server = os.fork()
if server == 0:
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == client:
        serve(device)
    os._exit(0)
os.close(device)
file = os.open(mountpoint + "/file", os.O_RDONLY)
reading, writing = os.pipe()
other_reading, _ = os.pipe()
os.write(writing, b".")

poll = select.poll()
poll.register(file, select.POLLIN)
print("poll, timeout 0:", seconds(poll.poll, 0))
print("select, timeout 0:", seconds(select.select, [file], [], [], 0))
epoll = select.epoll()
print("epoll_ctl ADD of the regular file:", seconds(epoll.register, file, select.EPOLLIN))
epoll.register(reading, select.EPOLLIN)
print("epoll_wait, timeout 0, with a pipe that is ready beside it:", seconds(epoll.poll, 0))
epoll.unregister(file)
adding = beside(lambda: epoll.register(file, select.EPOLLIN))
taken = seconds(epoll.register, other_reading, select.EPOLLIN)
print("epoll_ctl ADD of a pipe while another thread adds the file:", taken)
adding.join()
modifying = beside(lambda: epoll.modify(file, select.EPOLLIN))
taken = seconds(epoll.poll, 0)
print("epoll_wait, timeout 0, while another thread modifies the file:", taken)
modifying.join()

epoll.close()
os.close(file)
libc.umount2(mountpoint.encode(), DETACH)
os.rmdir(mountpoint)
os.kill(server, signal.SIGKILL)
os.waitpid(server, 0)
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
