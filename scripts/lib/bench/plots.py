"""Plots of what was measured, by gnuplot, as SVG and PNG."""
import subprocess

import echo

# For pages that are light and for those that are dark: the colours of the page, the text and the grid.
THEMES = {"light": ("#ffffff", "#1f2328", "#d0d7de"), "dark": ("#0d1117", "#f0f6fc", "#3d444d")}


def render(path, script, size):
    """Has gnuplot draw by a script, once for each theme, and as PNG. The last line plots."""
    for theme, (page, text, grid) in THEMES.items():
        colour = f"textcolor rgb '{text}'"
        coloured = [
            *(f"set {part} {colour}" for part in ("title", "key", "tics", "xlabel", "ylabel")),
            f"set border linecolor rgb '{text}'",
            f"set grid linecolor rgb '{grid}'",
        ]
        terminals = {f"-{theme}.svg": f"svg background '{page}'"}
        if theme == "light":
            terminals[".png"] = "pngcairo"
        for suffix, terminal in terminals.items():
            output = [f"set terminal {terminal} size {size}", f"set output '{path}{suffix}'"]
            lines = [*output, *script[:-1], *coloured, script[-1]]
            subprocess.run(["gnuplot"], input="\n".join(lines), text=True, check=True)


def gnuplot(path, title, settings, plot, series):
    """Draws series: pairs of a name and rows of numbers or quoted labels."""
    blocks = [
        f"$data{i} << EOD\n" + "\n".join(" ".join(map(str, row)) for row in rows) + "\nEOD"
        for i, (_, rows) in enumerate(series)
    ]
    curves = ", ".join(
        plot.format(data=f"$data{i}") + f" title {name!r}" for i, (name, _) in enumerate(series)
    )
    script = [
        *blocks,
        f"set title {title!r}",
        "set key outside right top noenhanced",
        "set grid",
        *settings,
        f"plot {curves}",
    ]
    render(path, script, "800,500")


def lines(measures, path, title, xlabel, suite, java, points, settings=(), each=lambda x: 1):
    """A curve for each contender; `points` gives (x, contender) of a (case, contender), or None; what
    was measured is shown as a share of `each`."""
    series = {}
    for measured_suite, case, measured_java, contender in measures.runs:
        if (measured_suite, measured_java) != (suite, java):
            continue
        point = points(case, contender)
        if point:
            nanos = measures.median(suite, case, java, contender)
            series.setdefault(point[1], []).append((point[0], nanos / 1000 / each(point[0])))
    if series:
        gnuplot(
            path,
            f"{title}, Java {java}",
            [f"set xlabel {xlabel!r}", "set ylabel 'µs'", "set logscale xy", *settings],
            "{data} with linespoints",
            [(name, sorted(rows)) for name, rows in series.items()],
        )


def bars(measures, path, title, ylabel, suite, java, cases, value):
    """A group of bars for each case, one bar for each contender."""
    series = []
    for contender in measures.contenders(suite):
        medians = [measures.median(suite, case, java, contender) for case in cases]
        rows = [
            (f'"{case.split(",")[0]}"', "NaN" if median is None else value(median))
            for case, median in zip(cases, medians)
        ]
        if any(median is not None for median in medians):
            series.append((contender, rows))
    if series:
        gnuplot(
            path,
            f"{title}, Java {java}",
            [
                f"set ylabel {ylabel!r}",
                "set key outside bottom center horizontal samplen 1",
                "set style data histograms",
                "set style fill solid",
                "set yrange [0:*]",
            ],
            "{data} using 2:xtic(1)",
            series,
        )


def by_registered(case, contender):
    name, found, registered = contender.rpartition(" of ")
    return (int(registered), name) if found else None


def draw(measures, folder, java):
    lines(
        measures, folder / "registered", "Waits that find one ready", "registered descriptors",
        "growth", java, by_registered, ["set yrange [0.1:10]"],
    )
    lines(
        measures, folder / "await", "A byte to each thread and back, per thread", "threads", "await", java,
        lambda case, contender: (int(case.split()[0]), contender), ["unset logscale y", "set yrange [0:*]"],
        each=lambda threads: threads,
    )
    bars(
        measures, folder / "echo-p99", "Echo server, 64 bytes", "99th percentile, µs", "echo", java,
        [f"{case}, p99" for case in echo.CASES], lambda nanos: nanos / 1000,
    )
    bars(
        measures, folder / "allocation", "Allocated", "bytes a call", "allocation", java,
        [f"{mechanism}, bytes" for mechanism in ("EPOLL", "POLL", "SELECT")], lambda value: value,
    )
