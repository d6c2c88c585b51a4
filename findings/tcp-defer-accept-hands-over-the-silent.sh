#!/usr/bin/env bash
# TCP_DEFER_ACCEPT hands over connections that have sent nothing.
#
# One would guess from tcp(7), "a listener is awakened only when data arrives on the socket", that the
# first read after accept() finds data, and that a client which sends nothing within the seconds that
# were set is dropped.
#
# In fact those seconds are a number of repetitions of the handshake, rounded up to 1, 3, 7, 15, ...
# seconds. A client that answers the last of them, as every silent client does, is handed over without
# data: a server that reads after accept() waits for it as ever. And the end of the stream counts as
# data: a client that connects and closes is accepted at once.
#
# Seen with Linux 6.18.44 and Python 3.11.7:
#   2 s set: 3 s, 5 s set: 7 s, 10 s set: 15 s
#   the client sends: listener: IN at once, read: data
#   the client closes: listener: IN at once, read: end
#   the client is silent, 1 s set: listener: IN after 1 s, read: EAGAIN
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
import select
import socket
import time

OPTION = socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT


def listener(seconds):
    server = socket.create_server(("127.0.0.1", 0))
    server.setsockopt(*OPTION, seconds)
    return server


def look(what, act):
    server = listener(1)
    client = socket.create_connection(server.getsockname())
    begin = time.monotonic()
    poll = select.poll()
    poll.register(server, select.POLLIN)
    if poll.poll(200):
        print(f"{what}: listener: IN before anything happened")
        return
    act(client)
    when = "silent for 20 s"
    if poll.poll(300):
        when = "IN at once"
    elif poll.poll(20000):
        when = "IN after 1 s" if 0.9 < time.monotonic() - begin else "IN too soon"
    accepted, _ = server.accept()
    accepted.setblocking(False)
    try:
        read = "data" if accepted.recv(16) else "end"
    except OSError as error:
        read = errno.errorcode[error.errno]
    print(f"{what}: listener: {when}, read: {read}")


print(", ".join(f"{seconds} s set: {listener(seconds).getsockopt(*OPTION)} s" for seconds in (2, 5, 10)))
look("the client sends", lambda client: client.send(b"x"))
look("the client closes", lambda client: client.close())
look("the client is silent, 1 s set", lambda client: None)
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
