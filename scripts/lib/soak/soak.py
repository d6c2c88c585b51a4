"""Soaks a server of each mechanism and judges what it kept; scripts/soak builds what it needs."""
import argparse
import csv
import pathlib
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "bench"))
import checks
import plots
import rounds
import server

OUTPUT = pathlib.Path("build/soak").resolve()
EMULATION = "target/emulations/freebsd"
MECHANISMS = {"EPOLL": None, "POLL": None, "SELECT": None, "KQUEUE": EMULATION, "DEVPOLL": EMULATION}
PLOTTED = 500  # points, or a few more, for one mechanism
CONNECTIONS = 10_000  # at the least, over all mechanisms
DEFECTS = {
    "byte": "bytes verified",
    "descriptor": "descriptors flat",
    "heap": "heap flat",
    "native": "native memory flat",
}


class Progress:
    """A line with the time left."""

    def __init__(self, seconds):
        self.seconds, self.started = seconds, time.monotonic()

    def elapsed(self):
        return time.monotonic() - self.started

    def show(self, text, end="\r"):
        left = max(0, round(self.seconds - self.elapsed()))
        if end == "\n" or sys.stderr.isatty():
            print(f"{left // 60:3}:{left % 60:02} left   {text:<50}", end=end, file=sys.stderr, flush=True)


def soak(runtime, mechanism, defect, seconds, progress):
    """The samples of one server, and what the checks say of it."""
    progress.show(f"{mechanism} {defect or ''}", "\r" if sys.stderr.isatty() else "\n")
    log = OUTPUT / f"server-{mechanism.lower()}.log"
    started = server.Server(*runtime, mechanism, MECHANISMS[mechanism], defect, log)
    piece = rounds.Rounds(mechanism, started, progress)
    try:
        piece.run(seconds, CONNECTIONS / len(MECHANISMS))
        results = list(checks.run(piece, started.close()))
    except RuntimeError as error:
        results = [("server alive", False, str(error))]
    finally:
        started.kill()
    return piece.samples, results


def plot(samples, path):
    """All figures over time, one below the other."""
    figures = {"descriptors": 1, "connections": 1, "heap, KiB": 1024, "native memory, MiB": 1 << 20}
    script = ["set multiplot layout 4,1", "set grid", "set yrange [0:*]", "set key outside right top noenhanced"]
    for figure, unit in figures.items():
        field = figure.partition(",")[0].partition(" ")[0]
        curves = []
        for i, mechanism in enumerate(dict.fromkeys(row["mechanism"] for row in samples)):
            own = [row for row in samples if row["mechanism"] == mechanism]
            step = 1 + len(own) // PLOTTED | 1  # odd, since rest and limit take turns
            rows = (f"{row['seconds'] / 60:.3f} {row[field] / unit:.3f}" for row in own[::step])
            script.append(f"$data{i} << EOD\n" + "\n".join(rows) + "\nEOD")
            curves.append(f"$data{i} with points pointtype 7 pointsize 0.3 title {mechanism!r}")
        script += [f"set ylabel {figure!r}", "plot " + ", ".join(curves)]
    plots.render(path, script + ["set xlabel 'minutes'", "unset multiplot"], "1000,1000")


def report(name, results):
    passed = 0
    for check, good, remark in results:
        passed += good
        print(f"{name:<10} {check:<20} {'passed' if good else 'FAILED'}   {remark}")
    return passed, len(results) - passed


def run_all(runtime, progress):
    samples, passed, failed = [], 0, 0
    for mechanism in MECHANISMS:
        more, results = soak(runtime, mechanism, None, progress.seconds / len(MECHANISMS), progress)
        samples += more
        good, bad = report(mechanism, results)
        passed, failed = passed + good, failed + bad
    with open(OUTPUT / "samples.csv", "w", newline="") as file:
        table = csv.DictWriter(file, rounds.FIELDS)
        table.writeheader()
        table.writerows(samples)
    plot(samples, OUTPUT / "soak")
    print(f"{OUTPUT}: samples.csv, soak.svg, soak.png")
    return passed, failed


def prove(runtime, progress):
    """Plants each defect, which its check has to find."""
    passed = 0
    for defect, check in DEFECTS.items():
        _, results = soak(runtime, "EPOLL", defect, progress.seconds / len(DEFECTS), progress)
        found = [remark for name, good, remark in results if name == check and not good]
        passed += bool(found)
        print(f"{defect:<10} {'found' if found else 'MISSED'} by {check}: {(found or results)[0]}")
    return passed, len(DEFECTS) - passed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--java")
    parser.add_argument("--jar")
    parser.add_argument("--prove", action="store_true")
    parser.add_argument("minutes", nargs="?", type=float)
    arguments = parser.parse_args()
    OUTPUT.mkdir(parents=True, exist_ok=True)
    progress = Progress(60 * (arguments.minutes or (1 if arguments.prove else 60)))
    passed, failed = (prove if arguments.prove else run_all)(
        (arguments.java, arguments.jar), progress
    )
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0 or passed == 0)


main()
