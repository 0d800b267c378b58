"""SVG as text, for draw.py: boxes, arrows, text with subscripts, a time axis.

Each picture has a background of its own, so that it can be read on a light and on a dark page, and a title and a
description for those who do not see it. It reads and writes no file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

INK, SOFT, PAPER, LINE = "#1f2933", "#52606d", "#ffffff", "#9aa5b1"
INPUT, FORWARD, BACKWARD, WEIGHT, GREY = "#0b69a3", "#1b7742", "#a8480c", "#6b2fa0", "#69727d"
PALE = {INPUT: "#e3f1fb", FORWARD: "#e3f6ea", BACKWARD: "#fdeee0", WEIGHT: "#f2e9fb", GREY: "#eceff2"}
SMALL, TEXT, LARGE = 13, 15, 17

Point = tuple[float, float]


class Picture:
    """A drawing that grows line by line. Coordinates are pixels from the upper left corner."""

    def __init__(self, width: int, height: int, title: str, description: str) -> None:
        self.lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" role="img" aria-labelledby="title description" '
            'font-family="system-ui, Segoe UI, Helvetica, Arial, sans-serif">',
            f'<title id="title">{escaped(title)}</title>',
            f'<desc id="description">{escaped(description)}</desc>',
            "<defs>",
            *(
                f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
                f'orient="auto"><path d="M0 1 L9 5 L0 9 z" fill="{colour}"/></marker>'
                for name, colour in HEADS.items()
            ),
            '<pattern id="stripes" width="8" height="8" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><rect width="8" height="8" fill="{PALE[GREY]}"/>'
            '<rect width="3" height="8" fill="#cbd2d9"/></pattern>',
            "</defs>",
            f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8" fill="{PAPER}" '
            f'stroke="{LINE}"/>',
        ]

    def box(
        self,
        x: float,
        y: float,
        text: Sequence[str] | str,
        colour: str,
        w: float = 84,
        h: float = 44,
        fill: str = "",
    ) -> None:
        """A box around (x, y) with one or two lines of text, the second one small."""
        self.lines.append(
            f'<rect x="{x - w / 2:g}" y="{y - h / 2:g}" width="{w:g}" height="{h:g}" rx="6" '
            f'fill="{fill or PALE[colour]}" stroke="{colour}" stroke-width="1.5"/>'
        )
        rows = [text] if isinstance(text, str) else list(text)
        if len(rows) == 1:
            self.text(x, y + 5, rows[0], colour=INK)
        else:
            self.text(x, y - 2, rows[0], colour=INK)
            self.text(x, y + 15, rows[1], size=SMALL, colour=SOFT)

    def circle(self, x: float, y: float, text: str, radius: float = 17) -> None:
        self.lines.append(
            f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{PAPER}" stroke="{INK}" stroke-width="1.5"/>'
        )
        self.text(x, y + 6, text, size=LARGE)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: int = TEXT,
        colour: str = INK,
        at: str = "middle",
        bold: bool = False,
    ) -> None:
        """Text whose baseline is at y; `_0` and `_{t-1}` become subscripts."""
        weight = ' font-weight="600"' if bold else ""
        self.lines.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{colour}" text-anchor="{at}"{weight}>'
            f"{subscripts(text)}</text>"
        )

    def arrow(self, *points: Point, colour: str = INK, dashed: bool = False, bend: bool = False) -> None:
        """An arrow through the points; `bend` draws a curve through four of them."""
        steps = [f"{x:g} {y:g}" for x, y in points]
        path = f"M{steps[0]} C{', '.join(steps[1:])}" if bend else "M" + " L".join(steps)
        name = next(name for name, head_colour in HEADS.items() if head_colour == colour)
        dashes = ' stroke-dasharray="5 4"' if dashed else ""
        self.lines.append(
            f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.8"{dashes} marker-end="url(#{name})"/>'
        )

    def done(self) -> str:
        return "\n".join([*self.lines, "</svg>"]) + "\n"


HEADS = {"ink": INK, "input": INPUT, "forward": FORWARD, "backward": BACKWARD, "grey": GREY}


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def subscripts(text: str) -> str:
    """h_0 and h_{t-1} with their index lowered; what follows it stands on the line again."""
    parts = re.split(r"_(?:\{([^}]*)\}|(\w))", escaped(text))
    markup = parts[0]
    for braced, single, after in zip(parts[1::3], parts[2::3], parts[3::3]):
        markup += f'<tspan dy="4" font-size="75%">{braced or single}</tspan>'
        if after:
            markup += f'<tspan dy="-4">{after}</tspan>'
    return markup


def time_axis(picture: Picture, xs: Sequence[float], y: float, left: float, right: float) -> None:
    """An arrow to the right with a label under each step."""
    picture.arrow((left, y), (right, y), colour=GREY)
    for t, x in enumerate(xs):
        picture.text(x, y + 19, f"t = {t}", size=SMALL, colour=SOFT)
    picture.text(right + 8, y + 5, "time", size=SMALL, colour=SOFT, at="start")
