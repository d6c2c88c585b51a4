#!/usr/bin/env bash
# libcurl's multi interface hears of no close while a connection is idle: the sockets stay in
# CLOSE_WAIT for as long as nothing else is transferred.
#
# One would guess that in an event loop, which watches whatever CURLMOPT_SOCKETFUNCTION asks for,
# libcurl closes its end of a kept connection soon after the server has closed the other, as it does
# while a transfer goes on.
#
# In fact libcurl has a socket unwatched (CURL_POLL_REMOVE) when its transfer ends, sets no timer, and
# looks at the connections that it keeps when the next transfer begins. Until then each is a descriptor
# in CLOSE_WAIT here, and in FIN_WAIT2 at the server. Calls of curl_multi_socket_action() change nothing.
# CURLOPT_FORBID_REUSE keeps none.
#
# Seen with libcurl 8.12.1 (and 7.88.1, 8.14.1, 8.16.0), Python 3.11.7, Linux 6.18.44, with 3 connections:
#   transfers done: 0 sockets to watch, no timer, 3 ESTABLISHED
#   3 s after the server has closed them: 0 sockets to watch, no timer, 3 CLOSE_WAIT
#   one more transfer: 0 sockets to watch, no timer, 1 ESTABLISHED
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

cat >"$temp/finding.py" <<'END'
import collections
import select
import socket
import threading
import time

import pycurl

STATES = {"01": "ESTABLISHED", "08": "CLOSE_WAIT"}
server = socket.create_server(("127.0.0.1", 0))
PORT = server.getsockname()[1]
accepted = []


def serve():
    while True:
        connection, _ = server.accept()
        accepted.append(connection)
        threading.Thread(target=answer, args=(connection,), daemon=True).start()


def answer(connection):
    while connection.recv(4096):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


class Loop:
    def __init__(self):
        self.watched = {}
        self.timer = None
        self.multi = pycurl.CurlMulti()
        self.multi.setopt(pycurl.M_SOCKETFUNCTION, self.watch)
        self.multi.setopt(pycurl.M_TIMERFUNCTION, self.set_timer)

    def watch(self, what, descriptor, *_):
        if what == pycurl.POLL_REMOVE:
            self.watched.pop(descriptor, None)
        else:
            self.watched[descriptor] = what

    def set_timer(self, milliseconds):
        self.timer = None if milliseconds < 0 else time.monotonic() + milliseconds / 1000

    def turn(self, seconds):
        poll = select.poll()
        for descriptor, what in self.watched.items():
            poll.register(descriptor, (what & 1) * select.POLLIN | (what >> 1 & 1) * select.POLLOUT)
        if self.timer is not None:
            seconds = min(seconds, max(0, self.timer - time.monotonic()))
        for descriptor, events in poll.poll(seconds * 1000):
            ready = pycurl.CSELECT_OUT if events & select.POLLOUT else 0
            ready |= pycurl.CSELECT_IN if events & ~select.POLLOUT else 0
            self.multi.socket_action(descriptor, ready)
        if self.timer is not None and self.timer <= time.monotonic():
            self.timer = None
            self.multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)

    def run(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.turn(end - time.monotonic())

    def transfer(self, count):
        running = set()
        for _ in range(count):
            easy = pycurl.Curl()
            easy.setopt(pycurl.URL, f"http://127.0.0.1:{PORT}/")
            easy.setopt(pycurl.PROXY, "")
            easy.setopt(pycurl.WRITEFUNCTION, lambda _: None)
            self.multi.add_handle(easy)
            running.add(easy)
        while running:
            self.turn(1)
            for easy in self.multi.info_read()[1]:
                self.multi.remove_handle(easy)
                running.remove(easy)

    def tell(self, when):
        self.run(0.5)  # what is due at once
        states = collections.Counter()
        with open("/proc/net/tcp") as table:
            for line in table:
                fields = line.split()
                if fields[2].endswith(f":{PORT:04X}") and fields[3] in STATES:
                    states[STATES[fields[3]]] += 1
        states = ", ".join(f"{count} {state}" for state, count in states.items())
        timer = "no timer" if self.timer is None else "a timer"
        print(f"{when}: {len(self.watched)} sockets to watch, {timer}, {states}")


threading.Thread(target=serve, daemon=True).start()
loop = Loop()
loop.transfer(3)
loop.tell("transfers done")
for connection in accepted:
    connection.shutdown(socket.SHUT_RDWR)
loop.run(3)
loop.multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
loop.tell("3 s after the server has closed them")
loop.transfer(1)
loop.tell("one more transfer")
END

python3 -m pip install -q --disable-pip-version-check --root-user-action ignore --no-deps \
  --only-binary=:all: --target "$temp/packages" pycurl==7.45.6 >&2
export PYTHONPATH=$temp/packages
echo "$(uname -sr), $(python3 --version), $(python3 -c 'import pycurl; print(pycurl.version)')"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
