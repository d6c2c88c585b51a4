"""One mechanism's share of the time: rounds of traffic, past the limit of descriptors, and a rest."""
import time

import client
import server

TRAFFIC, AT_ONCE = 2000, 60  # connections of a round, before the limit of descriptors is passed
FLOOD = server.DESCRIPTORS + 64
PATIENCE = 30  # seconds, for the server to do what it was asked
SAMPLE_SECONDS = 1
FIELDS = ["seconds", "mechanism", "resting", "connections", "descriptors", "heap", "native"]


class Rounds:
    """A server and its client. `samples` are rows of FIELDS."""

    def __init__(self, mechanism, started_server, progress):
        self.mechanism, self.server, self.progress = mechanism, started_server, progress
        self.client = client.Client(self.server.port)
        self.samples = []
        self.stuck = []
        self.sampled = 0
        self.floods = self.reopened = self.reopens_refused = 0

    def run(self, seconds, connections):
        """Goes on until both the time and the number are reached; the first round warms up."""
        self.round()
        started = time.monotonic()
        while time.monotonic() - started < seconds or self.client.connections < connections:
            self.sample(self.round(), resting=True)

    def round(self):
        """Returns the server's state at rest."""
        before = self.server.ask()
        self.traffic()
        after = self.server.ask()
        if after["accepts_refused"] != before["accepts_refused"]:
            self.stuck.append(f"no descriptor left, short of the limit: {after}")
        self.flood()
        self.await_state("connections left open", lambda state: state["open"] == 0)
        state = self.server.ask("reopen")
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
        before = self.server.ask()
        for _ in range(FLOOD):
            self.client.start()  # and nobody lets go of one until the server has run out of them
        self.await_state(
            "no accept without a descriptor",
            lambda state: state["accepts_refused"] > before["accepts_refused"],
        )
        state = self.server.ask("reopen")
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
            self.sample(self.server.ask())
            self.progress.show(f"{self.mechanism}, {self.client.connections} connections")

    def sample(self, state, resting=False):
        self.sampled = time.monotonic()
        figures = (state["open"], state["descriptors"], state["heap"], state["native"])
        row = (round(self.progress.elapsed(), 2), self.mechanism, int(resting), *figures)
        self.samples.append(dict(zip(FIELDS, row)))

    def await_state(self, problem, condition):
        """Asks until the server's state is as it has to be."""
        deadline = time.monotonic() + PATIENCE
        state = self.server.ask()
        while not condition(state):
            if time.monotonic() > deadline:
                self.stuck.append(f"{problem}: {state}")
                return
            time.sleep(0.01)
            state = self.server.ask()
