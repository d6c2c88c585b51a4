"""Echo servers, each in a process of its own, under the same load in turns.

What varied fourfold were other programs' shares of the processor, the scheduler's choice of a processor
for who is woken, and the moment at which it has a woken server take over from a load that has more to send.
So:
- All servers and the load share one processor. On two, a request takes what the machine takes to wake
  an idle one: ten times as much, and different each time.
- They run with the policy SCHED_BATCH, with which who is woken takes the processor from nobody: server and load
  each finish the events that they have, and then wait.
- The time of a request is the processor's: what server and load take of it together. That is the
  time on the clock wherever nobody else runs.
- The percentile is of the windows of 5 ms in which others had less than a twentieth of the processor.
Nagle's algorithm is off on both sides, and no acknowledgment is delayed, since each byte is answered."""
import os
import subprocess

ONE_PROCESSOR = ["chrt", "--batch", "0", "taskset", "--cpu-list", str(max(os.sched_getaffinity(0)))]
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
        arguments = (self.port, connections, milliseconds, self.process.pid)
        run = subprocess.run(
            [*ONE_PROCESSOR, program, *map(str, arguments)],
            capture_output=True, text=True, timeout=60,
        )
        if run.returncode != 0:
            raise RuntimeError(run.stderr.strip())
        requests, taken, p99 = map(float, run.stdout.split())
        if requests == 0:
            raise RuntimeError("no request answered in time")
        return 1e9 * taken / requests, 1e3 * p99

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def measure(measures, servers, javas, program, rounds, milliseconds):
    """The servers that run on no Java are counted for each of them. A round counts as a run."""
    for connections in CASES.values():
        for server in servers:
            attempt(server, program, connections, WARMUP_MILLISECONDS)
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
    try:
        taken, p99 = server.load(program, connections, milliseconds)
        # Where others had the processor all the time, there is no percentile to tell.
        percentile = {"p99": {"values": [p99]}} if p99 else {}
        return {"time a request": {"values": [taken]}, **percentile}
    except (RuntimeError, subprocess.TimeoutExpired) as e:
        error = {"error": str(e) or "no answer"}
        return {"time a request": error, "p99": error}
