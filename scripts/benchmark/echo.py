"""Echo servers, each in a process of its own, under the same load in turns."""
import subprocess


class Server:
    """A server that prints its port, and ends with its standard input."""

    def __init__(self, java, name, command):
        self.java, self.name = java, name
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.port = self.process.stdout.readline().strip()

    def load(self, program, connections, milliseconds):
        """Nanoseconds a request, and their 99th percentile."""
        run = subprocess.run(
            [program, self.port, str(connections), str(milliseconds)],
            capture_output=True, text=True, timeout=60,
        )
        if run.returncode != 0:
            raise RuntimeError(run.stderr.strip())
        requests, _, p99 = map(float, run.stdout.split())
        if requests == 0:
            raise RuntimeError("no request answered in time")
        return 1e9 / requests, 1e3 * p99

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)


def measure(measures, servers, javas, program, rounds, milliseconds):
    """The servers that run on no Java are counted for each of them. A round counts as a run, but the
    first, which warms up."""
    for count, case in ((1, "1 connection"), (500, "500 connections")):
        for number in range(-1, rounds):
            for i in range(len(servers)):
                server = servers[(number + i) % len(servers)]
                figures = {"time a request": None, "p99": None}
                try:
                    taken = server.load(program, count, milliseconds)
                    figures = dict(zip(figures, ({"values": [value]} for value in taken)))
                except (RuntimeError, subprocess.TimeoutExpired) as e:
                    figures = dict.fromkeys(figures, {"error": str(e) or "no answer"})
                if number < 0:
                    continue
                for java in [server.java] if server.java else javas:
                    for figure, result in figures.items():
                        key = {"suite": "echo", "case": f"{case}, {figure}", "contender": server.name}
                        measures.add(java, {**key, **result})
