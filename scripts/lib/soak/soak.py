"""Soaks programs with each mechanism and judges what they kept; scripts/soak builds what it needs."""
import argparse
import concurrent.futures
import csv
import pathlib
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "bench"))
import awaiter
import plots
import servers

SOAKS = {soak.NAME: soak for soak in (servers, awaiter)}
OUTPUT = pathlib.Path("build/soak").resolve()
EMULATION = "target/emulations/freebsd"
MECHANISMS = {"EPOLL": None, "POLL": None, "SELECT": None, "KQUEUE": EMULATION, "DEVPOLL": EMULATION}
PLOTTED = 500  # points, or a few more, for one mechanism


class Progress:
    """A line with the time left, and what each soak is at."""

    def __init__(self, seconds):
        self.seconds, self.started = seconds, time.monotonic()
        self.at = {}

    def elapsed(self):
        return time.monotonic() - self.started

    def show(self, name, text):
        self.at[name] = text
        if sys.stderr.isatty():
            self.print("; ".join(self.at.values()), "\r")

    def begin(self, name, text):
        self.show(name, text)
        if not sys.stderr.isatty():
            self.print(f"{name} {text}", "\n")

    def print(self, text, end):
        left = max(0, round(self.seconds - self.elapsed()))
        print(f"{left // 60:3}:{left % 60:02} left   {text:<60}", end=end, file=sys.stderr, flush=True)


def run(soak, runtime, mechanism, defect, seconds, progress):
    """The samples of one program, and what the checks say of it."""
    progress.begin(soak.NAME, f"{mechanism} {defect or ''}")
    log = OUTPUT / f"{soak.NAME}-{mechanism.lower()}.log"
    piece = soak.Soak(runtime, mechanism, MECHANISMS[mechanism], defect, log, progress)
    try:
        piece.run(seconds)
        results = list(piece.results(piece.program.close()))
    except RuntimeError as error:
        results = [("program alive", False, str(error))]
    finally:
        piece.program.kill()
    return piece.samples, results


def plot(soak, samples):
    """All figures over time, one below the other."""
    script = [f"set multiplot layout {len(soak.SHOWN)},1"]
    script += ["set grid", "set yrange [0:*]", "set key outside right top noenhanced"]
    for figure, unit in soak.SHOWN.items():
        field = figure.partition(",")[0].partition(" ")[0]
        curves = []
        for i, mechanism in enumerate(dict.fromkeys(row["mechanism"] for row in samples)):
            own = [row for row in samples if row["mechanism"] == mechanism]
            step = 1 + len(own) // PLOTTED | 1  # odd, since rest and limit take turns
            rows = (f"{row['seconds'] / 60:.3f} {row[field] / unit:.3f}" for row in own[::step])
            script.append(f"$data{i} << EOD\n" + "\n".join(rows) + "\nEOD")
            curves.append(f"$data{i} with points pointtype 7 pointsize 0.3 title {mechanism!r}")
        script += [f"set ylabel {figure!r}", "plot " + ", ".join(curves)]
    plots.render(OUTPUT / soak.NAME, script + ["set xlabel 'minutes'", "unset multiplot"], "1000,1000")


def run_all(soak, runtime, progress):
    """With each mechanism in turn; how many checks have passed and failed."""
    samples, passed, failed = [], 0, 0
    for mechanism in MECHANISMS:
        more, results = run(soak, runtime, mechanism, None, progress.seconds / len(MECHANISMS), progress)
        samples += more
        for check, good, remark in results:
            passed, failed = passed + good, failed + (not good)
            outcome = "passed" if good else "FAILED"
            print(f"{soak.NAME:<8} {mechanism:<8} {check:<20} {outcome}   {remark}", flush=True)
    with open(OUTPUT / f"{soak.NAME}.csv", "w", newline="") as file:
        table = csv.DictWriter(file, soak.FIELDS)
        table.writeheader()
        table.writerows(samples)
    if samples:
        plot(soak, samples)
    return passed, failed


def prove(soak, runtime, progress):
    """Plants each defect, which its check has to find."""
    passed = 0
    for defect, check in soak.DEFECTS.items():
        _, results = run(soak, runtime, "EPOLL", defect, progress.seconds / len(soak.DEFECTS), progress)
        found = [remark for name, good, remark in results if name == check and not good]
        passed += bool(found)
        outcome = "found" if found else "MISSED"
        print(f"{soak.NAME:<8} {defect:<10} {outcome} by {check}: {(found or results)[0]}", flush=True)
    return passed, len(soak.DEFECTS) - passed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--java")
    parser.add_argument("--jar")
    parser.add_argument("--prove", action="store_true")
    parser.add_argument("arguments", nargs="*")
    options = parser.parse_args()
    names = [argument for argument in options.arguments if argument in SOAKS] or list(SOAKS)
    minutes = [float(argument) for argument in options.arguments if argument not in SOAKS]
    OUTPUT.mkdir(parents=True, exist_ok=True)
    progress = Progress(60 * (minutes[0] if minutes else 1 if options.prove else 60))
    action = prove if options.prove else run_all
    with concurrent.futures.ThreadPoolExecutor() as pool:
        runtime = (options.java, options.jar)
        beside = [pool.submit(action, SOAKS[name], runtime, progress) for name in names]
        passed, failed = map(sum, zip(*(each.result() for each in beside)))
    print(f"{OUTPUT}: a table, and a plot as *.svg and *.png, of each: {', '.join(names)}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0 or passed == 0)


main()
