"""Measures two builds of the library beside each other; scripts/lib/bench/against has built them."""
import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import time

from measures import Measures

PACKAGE = "io.github.selectors4j.bench."
NATIVES = pathlib.Path("build/bench/native").resolve()
OUTPUT = pathlib.Path("build/bench/against").resolve()

# What no row's new time may exceed, as a share of the old.
BAR = 1.02
MORE_RUNS = 5

# JVMs compile the same code a few per cent faster or slower; in one, all rounds agree soon.
RUNS, QUICK_RUNS = 5, 3

# Rounds, microseconds of a batch, and milliseconds of warming up.
SETTINGS = {"rounds": 101, "batchMicros": 500, "warmup": 150}
# A wake-up takes so long that a batch has but few, beside the start of a thread.
WAKEUP = {"batchMicros": 3000}

LONGEST_SECONDS = 300


def completed(command):
    run = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_SECONDS)
    if run.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{run.stdout}{run.stderr}")
    return run.stdout


class Builds:
    def __init__(self, arguments):
        self.builds = {"old": arguments.old, "new": arguments.new}
        self.classes = arguments.classes
        self.quick = arguments.quick
        self.java = [f"{arguments.java}/bin/java"]
        if "--enable-native-access" in completed([*self.java, "--help"]):
            self.java.append("--enable-native-access=ALL-UNNAMED")

    def run(self, name):
        """The results of one more run: dictionaries of case, contender and values."""
        if name == "startup":
            return self.startup()
        settings = {**SETTINGS, **(WAKEUP if name == "wakeup" else {})}
        options = [f"-Dbench.{key}={value}" for key, value in settings.items()]
        # With -Xbatch, what the compilers know of a method does not depend on when they get to it.
        options += ["-Xbatch", f"-Dbench.natives={NATIVES}", "-cp", self.classes]
        lines = completed([*self.java, *options, PACKAGE + "Builds", name, *self.builds.values()])
        return [json.loads(line) for line in lines.splitlines()]

    def startup(self):
        """What a first use adds to a JVM that does nothing else, in nanoseconds of processor's time."""
        programs = {name: ["-cp", path, PACKAGE + "selector.FirstUse", "open"] for name, path in self.builds.items()}
        programs["empty"] = programs["new"][:-1]
        times = {name: [] for name in programs}
        order = list(programs)
        for _ in range(21 if self.quick else 41):
            random.shuffle(order)
            for name in order:
                times[name].append(self.processor_time(programs[name]))
        empty = statistics.median(times["empty"])
        return [
            {"suite": "startup", "case": "first use, over an empty main", "contender": name,
             "values": [value - empty for value in times[name]]}
            for name in self.builds
        ]

    def processor_time(self, arguments):
        command = [*self.java, *arguments]
        _, status, usage = os.wait4(os.posix_spawn(command[0], command, os.environ), 0)
        if status != 0:
            sys.exit(f"{' '.join(command)}: status {status}")
        return 1e9 * (usage.ru_utime + usage.ru_stime)


class Row:
    """How the new build's time stands to the old's, run by run."""

    def __init__(self, measures, suite, case):
        self.name = f"{suite} {case}"
        self.old, self.new = ((suite, case, "", build) for build in ("old", "new"))
        self.measures = measures
        self.errors = [measures.errors[key] for key in (self.old, self.new) if key in measures.errors]

    def ratios(self):
        """The median of the paired rounds of each run."""
        runs = zip(self.measures.runs[self.old], self.measures.runs[self.new])
        return [statistics.median(new / old for old, new in zip(*run)) for run in runs]

    def holds(self):
        return not self.errors and statistics.median(self.ratios()) <= BAR

    def line(self):
        if self.errors:
            return f"{self.name:<50} failed: {self.errors[0]}"
        ratios = self.ratios()
        verdict = "" if self.holds() else "slower"
        old, new = (duration(self.measures.median(*key)) for key in (self.old, self.new))
        ratio = statistics.median(ratios)
        return f"{self.name:<50}{old:>10}{new:>10}{ratio:>8.3f}  ({min(ratios):.3f} to {max(ratios):.3f})  {verdict}".rstrip()


def duration(nanos):
    for unit, factor in (("ns", 1), ("µs", 1e3), ("ms", 1e6)):
        if nanos < 1000 * factor or unit == "ms":
            return f"{nanos / factor:.3g} {unit}" if nanos < 1000 * factor else f"{nanos / factor:.0f} {unit}"


def rows(measures, names):
    return [Row(measures, name, case) for name in names for case, _ in measures.cases(name)]


def take(builds, measures, names, runs, what):
    """Runs what has the names, in turns, with a line of progress."""
    steps = [name for _ in range(runs) for name in names]
    started = time.monotonic()
    for number, name in enumerate(steps):
        left = (time.monotonic() - started) / number * (len(steps) - number) if number else None
        text = f"{what}: {name}, {number + 1} of {len(steps)}" + (f", {left:.0f} s left" if left else "")
        print(f"{text:<70}", end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)
        for result in builds.run(name):
            measures.add("", result)
    if sys.stderr.isatty():
        print(f"{'':<70}", end="\r", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser()
    for option in ("java", "old", "new", "classes"):
        parser.add_argument(f"--{option}")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("names", nargs="+")
    arguments = parser.parse_args()
    builds, measures, again = Builds(arguments), Measures(), Measures()
    take(builds, measures, arguments.names, QUICK_RUNS if arguments.quick else RUNS, "measure")
    head = f"{'':<50}{'old':>10}{'new':>10}{'new/old':>8}"
    print(f"{head}  (least to most of the runs)")
    first = rows(measures, arguments.names)
    for row in first:
        print(row.line())
    slow = [row for row in first if not row.holds()]
    if slow:
        names = [name for name in arguments.names if any(row.old[0] == name for row in slow)]
        take(builds, again, names, MORE_RUNS, "measure again")
        print(f"\nThose over {BAR:.2f}, measured {MORE_RUNS} times more:")
        slow = [Row(again, row.old[0], row.old[1]) for row in slow]
        for row in slow:
            print(row.line())
        slow = [row for row in slow if not row.holds()]
    OUTPUT.joinpath("results.json").write_text(json.dumps([measures.json(), again.json()], indent=1) + "\n")
    print(f"\n{len(first)} rows, {len(slow)} of them more than {100 * BAR - 100:.0f} % slower")
    sys.exit(bool(slow))


main()
