#!/usr/bin/env bash
# A UNIX socket whose connect() found the backlog full is at once writable, without an error, and is
# not connected; asyncio and trio take that for a connection.
#
# One would guess that EAGAIN from a connect() is UNIX' EINPROGRESS: wait until the socket is
# writable, ask SO_ERROR, and 0 means connected. So does who wrote his loop for TCP.
#
# In fact nothing is in progress. poll says OUT and HUP for ever, as of any fresh socket, SO_ERROR is
# 0, and room in the backlog changes nothing: there is no event for it, only another connect(). The
# streams of asyncio and trio were never connected, and their first read fails; a Python socket with a
# timeout does not wait at all. uvloop says what happened.
#
# Seen with Linux 6.18.44, Python 3.11.7 (and 3.13.0), trio 0.32.0, uvloop 0.22.1:
#   connect: EAGAIN
#   poll: OUT HUP, SO_ERROR: 0
#   the server accepts, there is room: OUT HUP, send: ENOTCONN
#   connect once more: ok, poll: OUT
#   with a full backlog again:
#   connect of a socket with a timeout of 5 s: BlockingIOError at once
#   asyncio.open_unix_connection: a connection, read: Invalid argument
#   trio.open_unix_socket: a connection, read: Invalid argument
#   uvloop: BlockingIOError
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
import asyncio
import errno
import os
import select
import socket
import tempfile
import time

import trio
import uvloop

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


async def open_streams(path):
    reader, _ = await asyncio.open_unix_connection(path)
    try:
        return f"a connection, read: {await reader.read(1)}"
    except OSError as error:
        return f"a connection, read: {error.strerror}"


async def open_trio(path):
    stream = await trio.open_unix_socket(path)
    try:
        return f"a connection, read: {await stream.receive_some(1)}"
    except trio.BrokenResourceError as error:
        return f"a connection, read: {error.__cause__.strerror}"


def error_of(call, *arguments):
    try:
        return call(*arguments)
    except OSError as error:
        return type(error).__name__


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

    print("with a full backlog again:")
    patient = socket.socket(socket.AF_UNIX)
    patient.settimeout(5)
    started = time.monotonic()
    error = error_of(patient.connect, path)
    moment = "at once" if time.monotonic() - started < 4 else "in the end"
    print(f"connect of a socket with a timeout of 5 s: {error} {moment}")
    print("asyncio.open_unix_connection:", asyncio.run(open_streams(path)))
    print("trio.open_unix_socket:", trio.run(open_trio, path))
    loop = uvloop.new_event_loop()
    print("uvloop:", error_of(loop.run_until_complete, open_streams(path)))
END

python3 -m pip install -q --disable-pip-version-check --root-user-action ignore \
  --target "$temp/packages" trio==0.32.0 uvloop==0.22.1 >&2
echo "$(uname -sr), $(python3 --version)"
PYTHONPATH="$temp/packages" python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
