"""An echo server over Python's selectors; prints its port, and ends with its standard input."""
import selectors
import socket
import sys

server = socket.create_server(("127.0.0.1", 0), backlog=1024)
server.setblocking(False)
selector = selectors.DefaultSelector()


def accept(_):
    connection, _ = server.accept()
    connection.setblocking(False)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    selector.register(connection, selectors.EVENT_READ, echo)


def echo(connection):
    try:
        data = connection.recv(4096)
        if data:
            connection.send(data)
            return
    except ConnectionError:
        pass
    selector.unregister(connection)
    connection.close()


selector.register(server, selectors.EVENT_READ, accept)
selector.register(sys.stdin, selectors.EVENT_READ, lambda _: sys.exit())
print(server.getsockname()[1], flush=True)
while True:
    for key, _ in selector.select():
        key.data(key.fileobj)
