"""Echo servers, each in a process of its own, under the same load in turns.

All of them and the load share one processor, so that the time of a request is the work of both. On two,
it is what the machine takes to wake an idle processor, ten times as much, and different each time."""
import os
import subprocess

ONE_PROCESSOR = ["taskset", "--cpu-list", str(max(os.sched_getaffinity(0)))]
JAVA_SERVERS = {
    "selectors4j": "selectors4j",
    "selectors4j, DescriptorChannel": "selectors4j-channels",
    "selectors4j, I/O in C": "selectors4j-c",
    "NIO": "nio",
    "Netty": "netty",
}
CASES = {"1 connection": 1, "500 connections": 500}
WARMUP_MILLISECONDS = 1000


class Server:
    """A server that prints its port, and ends with its standard input."""

    def __init__(self, java, name, command):
        self.java, self.name = java, name
        self.process = subprocess.Popen(
            [*ONE_PROCESSOR, *command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        self.port = self.process.stdout.readline().strip()

    def load(self, program, connections, milliseconds):
        """Nanoseconds a request, and their 99th percentile."""
        run = subprocess.run(
            [*ONE_PROCESSOR, program, self.port, str(connections), str(milliseconds)],
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
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def measure(measures, servers, javas, program, rounds, milliseconds):
    """The servers that run on no Java are counted for each of them. A round counts as a run."""
    for server in servers:
        attempt(server, program, 1, WARMUP_MILLISECONDS)
    for case, connections in CASES.items():
        for number in range(rounds):
            for i in range(len(servers)):
                server = servers[(number + i) % len(servers)]
                result = attempt(server, program, connections, milliseconds)
                for java in [server.java] if server.java else javas:
                    for figure, value in result.items():
                        key = {"suite": "echo", "case": f"{case}, {figure}", "contender": server.name}
                        measures.add(java, {**key, **value})


def attempt(server, program, connections, milliseconds):
    """What to note of each figure: its value or an error."""
    figures = ("time a request", "p99")
    try:
        taken = server.load(program, connections, milliseconds)
        return dict(zip(figures, ({"values": [value]} for value in taken)))
    except (RuntimeError, subprocess.TimeoutExpired) as e:
        return dict.fromkeys(figures, {"error": str(e) or "no answer"})
