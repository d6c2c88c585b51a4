#!/usr/bin/env bash
# While it connects, libpq exchanges its socket for another under the same number, of which epoll knows
# nothing.
#
# One would guess that to compare PQsocket() with the number that one has registered tells whether
# there is another socket: "do not assume that the socket remains the same across PQconnectPoll
# calls", says the manual.
#
# In fact PQconnectPoll() closes the socket of a host that refuses and opens the next host's at once,
# which gets the number that has just come free, each time; and the direction to wait for is the same,
# too. epoll dropped the old socket when it was closed: who then has nothing to change waits for ever,
# and EPOLL_CTL_MOD fails. select and poll, which take the number anew each time, go on. After each
# PQconnectPoll(), whatever PQsocket() says: EPOLL_CTL_ADD, and EPOLL_CTL_MOD if that says EEXIST.
#
# Seen with libpq 17.6 (and 15.18, 17.12), Python 3.11.7, Linux 6.18.44, in each of 50 connections:
#   PQsocket: the same number, another socket, to be waited for in the same direction
#   epoll: silent for 50 ms, EPOLL_CTL_MOD: ENOENT, EPOLL_CTL_ADD: OUT
#   poll: OUT
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

cat >"$temp/finding.py" <<'END'
import errno
import os
import select
import socket

from psycopg import pq

refusing = socket.socket()  # which does not listen
refusing.bind(("127.0.0.1", 0))
server = socket.create_server(("127.0.0.1", 0))
PORTS = f"port={refusing.getsockname()[1]},{server.getsockname()[1]}"
OPTIONS = "user=x sslmode=disable gssencmode=disable"


def connect():
    connection = pq.PGconn.connect_start(f"hostaddr=127.0.0.1,127.0.0.1 {PORTS} {OPTIONS}".encode())
    number, before = connection.socket, os.fstat(connection.socket).st_ino
    with select.epoll() as epoll:
        epoll.register(number, select.EPOLLOUT)  # as the manual says before the first PQconnectPoll
        epoll.poll()
        direction = connection.connect_poll()
        same_number = "the same number" if connection.socket == number else "another number"
        same = "the same socket" if os.fstat(connection.socket).st_ino == before else "another socket"
        same_direction = "the same direction" if direction == pq.PollingStatus.WRITING else str(direction)
        yield f"PQsocket: {same_number}, {same}, to be waited for in {same_direction}"
        told = "OUT" if epoll.poll(0.05) else "silent for 50 ms"
        try:
            epoll.modify(number, select.EPOLLOUT)
            modified = "done"
        except OSError as error:
            modified = errno.errorcode[error.errno]
        epoll.register(number, select.EPOLLOUT)
        added = "OUT" if epoll.poll(5) else "silent"
        yield f"epoll: {told}, EPOLL_CTL_MOD: {modified}, EPOLL_CTL_ADD: {added}"
    poll = select.poll()
    poll.register(number, select.POLLOUT)
    yield f"poll: {'OUT' if poll.poll(5000) else 'silent'}"
    connection.finish()


version = pq.version()
print(f"libpq {version // 10000}.{version % 10000}")
answers = {tuple(connect()) for _ in range(50)}
for answer in answers:
    print("\n".join(answer))
END

python3 -m pip install -q --disable-pip-version-check --root-user-action ignore --no-deps \
  --target "$temp/packages" psycopg==3.2.13 psycopg-binary==3.2.13 typing_extensions==4.15.0 >&2
echo "$(uname -sr), $(python3 --version)"
PYTHONPATH="$temp/packages" python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - <(sed 1d "$temp/seen") || { echo "It has changed." >&2 && exit 1; }
