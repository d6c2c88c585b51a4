"""An echo server of one mechanism: rounds of traffic, past the limit of descriptors, and a rest."""
import time

import checks
import client
import program

NAME = "servers"

DESCRIPTORS, HEAP = 256, 48  # MiB
TRAFFIC, AT_ONCE = 2000, 60  # connections of a round, before the limit of descriptors is passed
FLOOD = DESCRIPTORS + 64
PATIENCE = 30  # seconds, for the server to do what it was asked
SAMPLE_SECONDS = 1
CONNECTIONS = 2000  # at the least
SHOWN = {"descriptors": 1, "connections": 1, "heap, KiB": 1024, "native memory, MiB": 1 << 20}
FIELDS = ["seconds", "mechanism", "resting", "connections", "descriptors", "heap", "native"]


DEFECTS = {
    "byte": "bytes verified",
    "descriptor": "descriptors flat",
    "heap": "heap flat",
    "native": "native memory flat",
}


class Soak:
    """A server and its client. `samples` are rows of FIELDS."""

    def __init__(self, runtime, mechanism, library, defect, log, progress):
        main = ["DefectiveServer", mechanism, defect] if defect else ["SoakServer", mechanism]
        self.program = program.Program(runtime, main, HEAP, library, log, DESCRIPTORS)
        self.mechanism, self.progress = mechanism, progress
        self.client = client.Client(int(self.program.greeting))
        self.samples = []
        self.stuck = []
        self.sampled = 0
        self.floods = self.reopened = self.reopens_refused = 0

    def run(self, seconds):
        """Goes on until both the time and the number are reached; the first round warms up."""
        self.round()
        started = time.monotonic()
        while time.monotonic() - started < seconds or self.client.connections < CONNECTIONS:
            self.sample(self.round(), resting=True)

    def results(self, ended_well):
        """Yields (check, passed, remark)."""
        client = self.client
        yield "bytes verified", not client.wrong, f"{client.verified >> 20} MiB" + checks.first(client.wrong)
        yield "connections served", not client.failed, f"{client.connections}" + checks.first(client.failed)
        yield "limit survived", not self.stuck and self.floods == self.reopens_refused, (
            f"{self.floods} times past it, {self.reopens_refused} selectors refused, {self.reopened} reopened"
            + checks.first(self.stuck)
        )
        yield from checks.flat([row for row in self.samples if row["resting"]])
        yield "ended in silence", ended_well, ""

    def round(self):
        """Returns the server's state at rest."""
        before = self.program.ask()
        self.traffic()
        after = self.program.ask()
        if after["accepts_refused"] != before["accepts_refused"]:
            self.stuck.append(f"no descriptor left, short of the limit: {after}")
        self.flood()
        self.await_state("connections left open", lambda state: state["open"] == 0)
        state = self.program.ask("reopen")
        self.reopened += state["reopened"] - before["reopened"]
        return state

    def traffic(self):
        for _ in range(TRAFFIC):
            self.client.start()
            while self.client.open >= AT_ONCE:
                self.pump()
        self.finish()

    def flood(self):
        """More connections at once than the server can have descriptors: all are served in the end."""
        before = self.program.ask()
        for _ in range(FLOOD):
            self.client.start()  # and nobody lets go of one until the server has run out of them
        self.await_state(
            "no accept without a descriptor",
            lambda state: state["accepts_refused"] > before["accepts_refused"],
        )
        state = self.program.ask("reopen")
        self.sample(state)
        self.floods += 1
        self.reopens_refused += state["reopens_refused"] > before["reopens_refused"]
        self.finish()

    def finish(self):
        while self.client.open:
            self.pump()

    def pump(self):
        self.client.pump()
        if time.monotonic() - self.sampled > SAMPLE_SECONDS:
            self.sample(self.program.ask())
            self.progress.show(NAME, f"{self.mechanism}, {self.client.connections} connections")

    def sample(self, state, resting=False):
        self.sampled = time.monotonic()
        figures = (state["open"], state["descriptors"], state["heap"], state["native"])
        row = (round(self.progress.elapsed(), 2), self.mechanism, int(resting), *figures)
        self.samples.append(dict(zip(FIELDS, row)))

    def await_state(self, problem, condition):
        """Asks until the server's state is as it has to be."""
        deadline = time.monotonic() + PATIENCE
        state = self.program.ask()
        while not condition(state):
            if time.monotonic() > deadline:
                self.stuck.append(f"{problem}: {state}")
                return
            time.sleep(0.01)
            state = self.program.ask()
