"""The client's side: connections that come, go, half-close and reset, and check each byte."""
import os
import random
import selectors
import socket
import struct
import time
import zlib

PATIENCE = 60  # seconds, for one connection's life
BLOCK = os.urandom(1 << 18)
CHUNK = 1 << 16
RESET = struct.pack("ii", 1, 0)  # SO_LINGER, on and zero: close sends a reset

# How a connection ends. Weighted, so that most are ordinary.
ENDS = {
    "close": 5,  # once all is back
    "half-close": 5,  # shuts down its output, and reads to the end
    "reset": 3,  # once the half is back
    "abandon": 2,  # with what comes back unread
    "vanish": 2,  # without a byte
}


class Wrong(Exception):
    """Something came back that was not sent, or did not come back."""


class Connection:
    """One connection; `advance` moves what can be moved without waiting."""

    def __init__(self, port, end):
        self.end = end
        self.size = 0 if end == "vanish" else int(2 ** random.uniform(0, 16))
        start = random.randrange(len(BLOCK) - self.size)
        self.payload = memoryview(BLOCK)[start : start + self.size]
        self.sent = self.received = self.checksum = 0
        self.deadline = time.monotonic() + PATIENCE
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.connect_ex(("127.0.0.1", port))

    def wanted(self):
        """How much is to come back before this ends."""
        return {"reset": self.size // 2, "abandon": 0, "vanish": 0}.get(self.end, self.size)

    def interest(self):
        """What to wait for; nothing when it has ended."""
        if self.sent < self.size:
            return selectors.EVENT_READ | selectors.EVENT_WRITE
        done = self.received >= self.wanted() and self.end != "half-close"
        return 0 if done else selectors.EVENT_READ

    def advance(self, events):
        """Returns whether it has ended, and closes it then."""
        if events & selectors.EVENT_WRITE and self.sent < self.size:
            self.send()
        if events & selectors.EVENT_READ:
            data = self.receive()
            if data == b"":
                if self.end != "half-close" or self.received != self.size:
                    raise Wrong(f"end of stream after {self.received} of {self.size} bytes: {self.end}")
                self.close()
                return True
        if not self.interest():
            self.close()
            return True
        return False

    def send(self):
        try:
            self.sent += self.socket.send(self.payload[self.sent : self.sent + CHUNK])
        except BlockingIOError:
            return
        if self.sent == self.size and self.end == "half-close":
            self.socket.shutdown(socket.SHUT_WR)

    def receive(self):
        try:
            data = self.socket.recv(CHUNK)
        except BlockingIOError:
            return None
        self.received += len(data)
        self.checksum = zlib.crc32(data, self.checksum)
        if self.received > self.sent:
            raise Wrong(f"{self.received} bytes came back of {self.sent} sent")
        return data

    def close(self):
        if self.end in ("reset", "abandon"):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.socket.close()
        if self.checksum != zlib.crc32(self.payload[: self.received]):
            raise Wrong(f"wrong checksum of {self.received} bytes of {self.size}: {self.end}")


class Client:
    """Makes connections to a port and counts them, their bytes, and what went wrong."""

    def __init__(self, port):
        self.port = port
        self.selector = selectors.DefaultSelector()
        self.connections = self.verified = 0
        self.wrong, self.failed = [], []

    @property
    def open(self):
        return len(self.selector.get_map())

    def start(self):
        """One more connection, which does nothing until `pump`."""
        connection = Connection(self.port, random.choices(list(ENDS), ENDS.values())[0])
        self.connections += 1
        self.selector.register(connection.socket, selectors.EVENT_WRITE, connection)

    def pump(self, timeout=1):
        """Lets the connections go on as far as they are ready."""
        for key, events in self.selector.select(timeout):
            self.advance(key.data, events)
        now = time.monotonic()
        for key in list(self.selector.get_map().values()):
            if now > key.data.deadline:
                self.failed.append(f"{key.data.end} took more than {PATIENCE} s")
                self.drop(key.data)

    def advance(self, connection, events):
        number = connection.socket.fileno()
        before = connection.received
        try:
            ended = connection.advance(events)
        except Wrong as wrong:
            self.wrong.append(str(wrong))
            ended = True
        except OSError as error:
            self.failed.append(f"{connection.end}: {error}")
            ended = True
        self.verified += connection.received - before
        if not ended:
            self.selector.modify(connection.socket, connection.interest(), connection)
        elif connection.socket.fileno() < 0:
            self.selector.unregister(number)
        else:
            self.drop(connection)

    def drop(self, connection):
        self.selector.unregister(connection.socket)
        connection.socket.close()
