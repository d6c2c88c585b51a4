#!/usr/bin/env bash
# A UNIX stream socket is readable below SO_RCVLOWAT, and the read that follows blocks.
#
# One would guess what socket(7) says: poll, select and epoll report a socket as readable only if at
# least SO_RCVLOWAT bytes are there, since Linux 2.6.28.
#
# In fact TCP's poll heeds the mark, and a UNIX stream socket's does not, while both sockets' blocking
# reads do: on a UNIX socket the one thing that poll promises, that a read does not block, is broken
# by a mark of 10 and 3 bytes. A socket of kind SEQPACKET takes the mark as well, and heeds it
# nowhere.
#
# Seen with Linux 6.18.44 and Python 3.11.7, with a mark of 10 and 3 bytes sent:
#   TCP: poll: silent, a blocking read: waits
#   MPTCP: poll: silent, a blocking read: waits
#   UNIX stream: poll: IN, a blocking read: waits
#   UNIX seqpacket: poll: IN, a blocking read: returns 3 bytes
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
import select
import socket
import threading

MPTCP = 262


def connection(protocol):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    server.bind(("127.0.0.1", 0))
    server.listen()
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    client.connect(server.getsockname())
    return client, server.accept()[0]


def look(name, sender, receiver):
    receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 10)
    sender.send(b"abc")
    poll = select.poll()
    poll.register(receiver, select.POLLIN)
    ready = "IN" if poll.poll(300) else "silent"
    got = []
    reading = threading.Thread(target=lambda: got.append(receiver.recv(100)), daemon=True)
    reading.start()
    reading.join(1)
    read = f"returns {len(got[0])} bytes" if got else "waits"
    print(f"{name}: poll: {ready}, a blocking read: {read}")
    sender.close()
    reading.join()


look("TCP", *connection(0))
look("MPTCP", *connection(MPTCP))
look("UNIX stream", *socket.socketpair())
look("UNIX seqpacket", *socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET))
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
