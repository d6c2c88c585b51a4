#!/usr/bin/env bash
# A UNIX socket whose connect() found the backlog full is at once writable, without an error, and is
# not connected; asyncio takes that for a connection.
#
# One would guess that EAGAIN from a connect() is UNIX' EINPROGRESS: wait until the socket is
# writable, ask SO_ERROR, and 0 means connected. So does who wrote his loop for TCP.
#
# In fact nothing is in progress. poll says OUT and HUP for ever, as of any fresh socket, SO_ERROR is
# 0, and room in the backlog changes nothing: there is no event for it, only another connect().
# asyncio's open_unix_connection() returns streams which were never connected, and the first read
# fails.
#
# Seen with Linux 6.18.44 and Python 3.11.7:
#   connect: EAGAIN
#   poll: OUT HUP, SO_ERROR: 0
#   the server accepts, there is room: OUT HUP, send: ENOTCONN
#   connect once more: ok, poll: OUT
#   asyncio.open_unix_connection with a full backlog: a connection
#   its first read: OSError: Invalid argument
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

cat >"$temp/finding.py" <<'END'
import asyncio
import errno
import os
import select
import socket
import tempfile

EVENTS = {1: "IN", 4: "OUT", 8: "ERR", 16: "HUP"}


def outcome(call, *arguments):
    try:
        call(*arguments)
        return "ok"
    except OSError as error:
        return errno.errorcode[error.errno]


def events(descriptor):
    poll = select.poll()
    poll.register(descriptor, sum(EVENTS))
    ready = dict(poll.poll(1000)).get(descriptor.fileno(), 0)
    return " ".join(name for bit, name in EVENTS.items() if ready & bit)


async def connect(path):
    reader, _ = await asyncio.open_unix_connection(path)
    print("asyncio.open_unix_connection with a full backlog: a connection")
    try:
        print("its first read:", await reader.read(1))
    except OSError as error:
        print(f"its first read: {type(error).__name__}: {error.strerror}")


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "socket")
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(0)
    first = socket.socket(socket.AF_UNIX)
    first.connect(path)
    client = socket.socket(socket.AF_UNIX)
    client.setblocking(False)
    print("connect:", outcome(client.connect, path))
    error = client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    print(f"poll: {events(client)}, SO_ERROR: {error}")
    accepted, _ = server.accept()
    print(
        f"the server accepts, there is room: {events(client)},",
        "send:", outcome(client.send, b"x"),
    )
    print(f"connect once more: {outcome(client.connect, path)}, poll: {events(client)}")
    asyncio.run(connect(path))
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
