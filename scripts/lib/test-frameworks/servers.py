"""Runs a PostgreSQL server and an HTTP server on free ports of 127.0.0.1, prints both ports in one line
once both answer, and ends them, and what they have written, when standard input ends: at the latest with
the program at its other end, however that ends."""
import glob
import http.server
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading

USER = "postgres"  # the server refuses to run as root
ATTEMPTS = 5  # at a port that nobody has taken meanwhile


class Postgres:
    def __init__(self, folder):
        self.data = f"{folder}/data"
        program = shutil.which("postgres")
        programs = [program] if program else glob.glob("/usr/lib/postgresql/*/bin/postgres")
        newest = max(programs, key=lambda path: [int(number) for number in re.findall(r"\d+", path)])
        self.programs = pathlib.Path(newest).resolve().parent
        self.drop_root = []
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
            self.drop_root = [f"--reuid={USER}", f"--regid={USER}", "--init-groups"]

    def start(self):
        subprocess.run(
            self.command("initdb", "--auth=trust", "--username=selectors4j", "--no-locale", "--no-sync"),
            cwd="/", check=True, stdout=sys.stderr,
        )
        for _ in range(ATTEMPTS):
            with socket.create_server(("127.0.0.1", 0)) as free:
                self.port = free.getsockname()[1]
            if self.start_on_port():
                return
        sys.exit("PostgreSQL does not start.")

    def start_on_port(self):
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "shared_buffers": "16MB",
            "max_connections": 50,
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        self.process = subprocess.Popen(
            self.command("postgres", *options), cwd="/", text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            start_new_session=True,
        )
        for line in self.process.stderr:
            sys.stderr.write(line)
            if "ready to accept connections" in line:
                threading.Thread(target=self.log, daemon=True).start()
                return True
        self.process.wait()
        return False

    def command(self, program, *options):
        """It ends with this process, too."""
        return ["setpriv", *self.drop_root, "--pdeathsig=QUIT", self.programs / program, "-D", self.data, *options]

    def log(self):
        for line in self.process.stderr:
            sys.stderr.write(line)

    def stop(self):
        self.process.send_signal(signal.SIGQUIT)  # at once, whoever is connected
        self.process.wait()


class Handler(http.server.BaseHTTPRequestHandler):
    """A path is /END/SIZE: what becomes of the connection, and how many bytes to answer with."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one segment, which Nagle's algorithm does not delay

    def do_GET(self):
        size = int(self.path.split("/")[2])
        self.answer((b"0123456789" * (size // 10 + 1))[:size])

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, body):
        end = self.path.split("/")[1]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        if end == "close":
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = end != "keep"

    def log_message(self, *_):
        pass


class HttpServer(http.server.ThreadingHTTPServer):
    request_queue_size = 128


def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal; whoever started this ends it
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="selectors4j-") as folder:
        web = HttpServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=web.serve_forever, daemon=True).start()
        postgres = Postgres(folder)
        postgres.start()
        try:
            print(postgres.port, web.server_port, flush=True)
            sys.stdin.read()
        finally:
            postgres.stop()


main()
