#!/usr/bin/env python3
"""Opens CONNECTIONS connections to an echo server at once, sends SIZE bytes on each, and verifies
every byte that comes back. It sends as much as it can before it reads at all and leaves little room
for the answers, so that the server has to keep some.

usage: echo_client.py PORT CONNECTIONS SIZE
"""
import random
import selectors
import socket
import sys

port, connections, size = map(int, sys.argv[1:])


class Connection:
    def __init__(self, number):
        self.sent = random.Random(number).randbytes(size)
        self.unsent = memoryview(self.sent)
        self.received = 0
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        self.socket.connect(("localhost", port))
        self.socket.setblocking(False)

    def write(self):
        """Returns whether there is more to send."""
        try:
            while self.unsent:
                self.unsent = self.unsent[self.socket.send(self.unsent) :]
            self.socket.shutdown(socket.SHUT_WR)
        except BlockingIOError:
            pass
        return bool(self.unsent)

    def read(self):
        """Returns whether there is more to come."""
        answer = self.socket.recv(65536)
        expected = self.sent[self.received : self.received + len(answer)]
        assert answer == expected, f"wrong bytes after {self.received}"
        self.received += len(answer)
        assert answer or self.received == size, f"ended after {self.received} bytes"
        return bool(answer)


selector = selectors.DefaultSelector()
for connection in [Connection(number) for number in range(connections)]:
    unsent = connection.write()
    interest = selectors.EVENT_READ | (selectors.EVENT_WRITE if unsent else 0)
    selector.register(connection.socket, interest, connection)
while selector.get_map():
    for key, events in selector.select():
        connection = key.data
        if events & selectors.EVENT_WRITE and not connection.write():
            selector.modify(key.fileobj, selectors.EVENT_READ, connection)
        if events & selectors.EVENT_READ and not connection.read():
            selector.unregister(key.fileobj)
            connection.socket.close()
print(f"{connections} connections, {size} bytes each: all verified")
