"""Draws the README's picture from the figures in docs/performance/figures.md, for light pages and for dark ones,
into the folder that is named, or docs/performance."""
import pathlib
import re
import sys

DOCS = pathlib.Path(__file__).resolve().parents[3] / "docs"
TABLE = "## Waits over epoll, registered / ready"
JAVA = "25"
PANELS = {"1000 / 1": "1 ready of 1000", "16 / 16": "16 ready of 16", "1500 / 100": "100 ready of 1500"}
BASE = "C epoll_wait"
OURS = "selectors4j"
CONTENDERS = {
    BASE: "a loop in C",
    "selectNow(handler)": OURS,
    "Netty": "Netty's epoll",
    "NIO consumer": "java.nio, select(action)",
    "NIO selected keys": "java.nio, selectedKeys()",
}
COLOURS = {
    "light": {"page": "#ffffff", "text": "#1f2328", "bar": "#afb8c1", "ours": "#0969da", "line": "#59636e"},
    "dark": {"page": "#0d1117", "text": "#f0f6fc", "bar": "#59636e", "ours": "#4493f8", "line": "#9198a1"},
}
BOLD = ' font-weight="600"'
WIDTH = 860
NAMES = 185
PANEL = (WIDTH - NAMES) / len(PANELS)
FIRST_ROW, ROW, BAR = 76, 25, 16
BAR_ROOM = PANEL - 75  # what is left of a panel beside the longest figure
HEIGHT = FIRST_ROW + ROW * len(CONTENDERS) + 4


def rows_of(text):
    """The table's rows, as dictionaries by the heads of its columns."""
    lines = text.split(TABLE, 1)[1].strip().split("\n\n", 1)[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
    head = ["case"] + cells[0]  # the first column has none
    return [dict(zip(head, row)) for row in cells[2:]]


def figures(text):
    """For each panel and contender: the time as it is written, and how many times that of C it is."""
    result = {}
    for row in rows_of(text):
        if row["Java"] == JAVA and row["case"] in PANELS:
            for contender in CONTENDERS:
                time, ratio = re.fullmatch(r"(\S+ \S+)(?: \((\S+)\))?", row[contender]).groups()
                result[row["case"], contender] = time, float(ratio or 1)
    return result


def draw(measured, colours):
    longest = max(ratio for _, ratio in measured.values())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}" font-family="system-ui, sans-serif" font-size="13"'
        f' fill="{colours["text"]}">',
        f"<title>How long a look at ready descriptors takes, on epoll and Java {JAVA}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{colours["page"]}"/>',
        f'<text x="8" y="22" font-size="15"{BOLD}>'
        f"Time to find what is ready, on epoll and Java {JAVA}: shorter is better</text>",
    ]
    for row, name in enumerate(CONTENDERS.values()):
        y = FIRST_ROW + row * ROW + 13
        parts.append(f'<text x="{NAMES - 10}" y="{y}" text-anchor="end"{BOLD if name == OURS else ""}>{name}</text>')
    for column, (case, title) in enumerate(PANELS.items()):
        left = NAMES + column * PANEL
        parts.append(f'<text x="{left:.0f}" y="{FIRST_ROW - 14}"{BOLD}>{title}</text>')
        for row, contender in enumerate(CONTENDERS):
            time, ratio = measured[case, contender]
            ours = CONTENDERS[contender] == OURS
            y = FIRST_ROW + row * ROW
            length = ratio / longest * BAR_ROOM
            parts += [
                f'<rect x="{left:.0f}" y="{y}" width="{length:.1f}" height="{BAR}" rx="2"'
                f' fill="{colours["ours" if ours else "bar"]}"/>',
                f'<text x="{left + length + 6:.1f}" y="{y + 13}"'
                f'{BOLD if ours else ""}>{time}</text>',
            ]
        x = left + BAR_ROOM / longest
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{FIRST_ROW - 6}" y2="{HEIGHT - 6}"'
            f' stroke="{colours["line"]}" stroke-dasharray="2 3"/>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    measured = figures((DOCS / "performance/figures.md").read_text())
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS / "performance"
    for name, colours in COLOURS.items():
        (folder / f"epoll-{name}.svg").write_text(draw(measured, colours))
