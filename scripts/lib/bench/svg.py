"""Charts as SVG: bars side by side, and curves that are named where they end."""
import math

OURS = "selectors4j"
COLOURS = {
    "light": {"page": "#ffffff", "text": "#1f2328", "bar": "#afb8c1", "ours": "#0969da", "line": "#59636e"},
    "dark": {"page": "#0d1117", "text": "#f0f6fc", "bar": "#59636e", "ours": "#4493f8", "line": "#9198a1"},
}
BOLD = ' font-weight="600"'
WIDTH = 860

# Of bars.
NAMES = 185
FIRST_ROW, ROW, BAR = 76, 25, 16
FIGURE = 75  # the longest

# Of curves.
LEFT, RIGHT, TOP, PLOT = 62, 190, 44, 210
NAME_HEIGHT = 16
STEPS = (1, 2, 2.5, 5, 10)
DASHES = ("", "7 4", "2 3", "9 3 2 3", "4 2", "1 5")


def page(title, about, height, colours, parts):
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"'
        f' viewBox="0 0 {WIDTH} {height}" font-family="system-ui, sans-serif" font-size="13"'
        f' fill="{colours["text"]}">',
        f"<title>{about}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="{colours["page"]}"/>',
        f'<text x="8" y="22" font-size="15"{BOLD}>{title}</text>',
    ]
    return "\n".join([*head, *parts, "</svg>"]) + "\n"


def bars(title, about, panels, names, cells, colours):
    """A panel for each case, with a bar for each name: `cells` has the figure as it is written and the bar's length,
    or None. A line shows where the first bar ends."""
    height = FIRST_ROW + ROW * len(names) + 4
    panel = (WIDTH - NAMES) / len(panels)
    room = panel - FIGURE
    longest = max(cell[1] for cell in cells.values() if cell)
    parts = []
    for row, name in enumerate(names):
        y = FIRST_ROW + row * ROW + 13
        parts.append(f'<text x="{NAMES - 10}" y="{y}" text-anchor="end"{BOLD if name == OURS else ""}>{name}</text>')
    for column, head in enumerate(panels):
        left = NAMES + column * panel
        parts.append(f'<text x="{left:.0f}" y="{FIRST_ROW - 14}"{BOLD}>{head}</text>')
        for row, name in enumerate(names):
            figure, ratio = cells[head, name] or ("–", 0)
            ours = name == OURS
            y = FIRST_ROW + row * ROW
            length = ratio / longest * room
            parts += [
                f'<rect x="{left:.0f}" y="{y}" width="{length:.1f}" height="{BAR}" rx="2"'
                f' fill="{colours["ours" if ours else "bar"]}"/>',
                f'<text x="{left + length + 6:.1f}" y="{y + 13}"'
                f'{BOLD if ours else ""}>{figure}</text>',
            ]
        x = left + room / longest
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{FIRST_ROW - 6}" y2="{height - 6}"'
            f' stroke="{colours["line"]}" stroke-dasharray="2 3"/>'
        )
    return page(title, about, height, colours, parts)


def curves(title, about, unit, xlabel, labels, series, colours):
    """A curve for each name over the same places, which are as far apart from each other; from 0 upwards."""
    step, count = scale(max(max(values) for values in series.values()))
    bottom = TOP + PLOT
    right = WIDTH - RIGHT
    xs = [LEFT + 24 + i * (right - LEFT - 48) / max(1, len(labels) - 1) for i in range(len(labels))]
    parts = []
    for i in range(count + 1):
        y = bottom - i * PLOT / count
        parts += [
            f'<line x1="{LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colours["bar"]}" stroke-opacity="0.5"/>',
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{i * step:g} {unit}</text>',
        ]
    for x, label in zip(xs, labels):
        parts.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{label}</text>')
    parts.append(f'<text x="{(LEFT + right) / 2:.0f}" y="{bottom + 36}" text-anchor="middle">{xlabel}</text>')
    ys = {name: [bottom - value / (step * count) * PLOT for value in values] for name, values in series.items()}
    named = apart({name: places[-1] for name, places in ys.items()})
    for dash, (name, places) in zip(DASHES, sorted(ys.items(), key=lambda one: one[0] == OURS)):
        ours = name == OURS
        colour = colours["ours" if ours else "line"]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, places))
        style = 'stroke-width="3"' if ours else f'stroke-width="1.5" stroke-dasharray="{dash}"'
        parts += [
            f'<polyline points="{points}" fill="none" stroke="{colour}" {style}/>',
            f'<path d="M{xs[-1]:.1f} {places[-1]:.1f} L{right + 4} {named[name]:.1f} h14" fill="none" stroke="{colour}"'
            f" {style}/>",
            f'<text x="{right + 24}" y="{named[name] + 4:.1f}"{BOLD if ours else ""}>{name}</text>',
        ]
    return page(title, about, bottom + 46, colours, parts)


def scale(most):
    """The step between lines, a round number, and how many steps it takes to reach that far."""
    least = most / 5
    size = 10 ** math.floor(math.log10(least))
    step = next(size * step for step in STEPS if size * step >= least)
    return step, math.ceil(most / step)


def apart(places):
    """Where to write names, none over another: halfway between where they are pushed downwards and upwards."""
    ordered = sorted(places.items(), key=lambda one: one[1])
    down = pushed([place for _, place in ordered])
    up = [-place for place in reversed(pushed([-place for _, place in reversed(ordered)]))]
    return {name: (low + high) / 2 for (name, _), low, high in zip(ordered, down, up)}


def pushed(places):
    result = []
    for place in places:
        result.append(max(place, result[-1] + NAME_HEIGHT) if result else place)
    return result
