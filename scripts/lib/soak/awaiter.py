"""An awaiter of one mechanism: rounds of threads that come, wait and go, and a rest."""
import resource
import time

import checks
import program

NAME = "awaiter"
HEAP = 128  # MiB
VIRTUAL, PLATFORM = 2000, 200  # threads at once
# What a thread has no descriptor for, and the second of a number that is reused.
OTHERS = 200
ROUNDS = 9  # at the least
SHOWN = {"descriptors": 1, "threads": 1, "waits": 1, "heap, KiB": 1024, "native memory, MiB": 1 << 20}
FIELDS = ["seconds", "mechanism", "resting", "waits", "descriptors", "threads", "heap", "native"]
DEFECTS = {
    "descriptor": "descriptors flat",
    "thread": "threads flat",
    "waiter": "heap flat",
}


class Soak:
    """An awaiter and all who wait by it. `samples` are rows of FIELDS."""

    def __init__(self, runtime, mechanism, library, defect, log, progress):
        _, limit = resource.getrlimit(resource.RLIMIT_NOFILE)
        threads = VIRTUAL if program.feature(runtime[0]) >= 21 else PLATFORM
        if limit != resource.RLIM_INFINITY:
            threads = min(threads, limit - OTHERS)
        main = ["DefectiveAwaiter" if defect else "SoakAwaiter", mechanism, threads]
        self.program = program.Program(
            runtime, main + ([defect] if defect else []), HEAP, library, log, threads + OTHERS
        )
        self.mechanism, self.progress = mechanism, progress
        self.samples = []
        self.state = {}

    def run(self, seconds):
        """Goes on until both the time and the number are reached; the first round warms up."""
        self.state = self.program.ask("round")
        started = time.monotonic()
        while time.monotonic() - started < seconds or len(self.samples) < ROUNDS:
            self.state = self.program.ask("round")
            row = {"seconds": round(self.progress.elapsed(), 2), "mechanism": self.mechanism, "resting": 1}
            self.samples.append({field: row.get(field, self.state.get(field)) for field in FIELDS})
            self.progress.show(NAME, f"{self.mechanism}, {self.state['waits']} waits")

    def results(self, ended_well):
        """Yields (check, passed, remark)."""
        wrong = [self.state["first_wrong"]] * self.state["wrong"]
        yield "waits ended", not wrong, f"{self.state['waits']}" + checks.first(wrong)
        yield from checks.flat(self.samples, threads=True)
        yield "ended in silence", ended_well, ""
