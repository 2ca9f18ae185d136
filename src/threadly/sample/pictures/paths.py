"""Outlines as SVG path text, in absolute M, L, Q, C and Z only, so that they can be mirrored, moved and turned."""

import math
import re
from collections.abc import Callable

_WORD = re.compile(r"[MLQCZ]|-?\d+(?:\.\d+)?(?:e-?\d+)?")

Point = tuple[float, float]
Segment = tuple[str, tuple[Point, ...]]


def segments(d: str) -> list[Segment]:
    """The commands of `d`, each with its points."""
    found: list[tuple[str, list[float]]] = []
    for word in _WORD.findall(d):
        if word.isalpha():
            found.append((word, []))
        else:
            found[-1][1].append(float(word))
    return [(command, tuple(zip(n[::2], n[1::2], strict=True))) for command, n in found]


def text(parts: list[Segment]) -> str:
    """The path text of `parts`, to a tenth of a unit."""
    return "".join(command + " ".join(f"{x:.1f} {y:.1f}" for x, y in points) for command, points in parts)


def extent(*paths: str) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the paths, counting control points."""
    points = [point for d in paths for _, several in segments(d) for point in several]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def mapped(d: str, change: Callable[[float, float], Point]) -> str:
    """`d` with every point changed."""
    return text([(command, tuple(change(x, y) for x, y in points)) for command, points in segments(d)])


def mirrored(d: str) -> str:
    """The other half: `d` with left and right exchanged about x = 0."""
    return mapped(d, lambda x, y: (0 - x, y))


def moved(d: str, dx: float, dy: float) -> str:
    """`d` elsewhere."""
    return mapped(d, lambda x, y: (x + dx, y + dy))


def turned(d: str, degrees: float, x0: float = 0, y0: float = 0) -> str:
    """`d` turned clockwise about (x0, y0)."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return mapped(d, lambda x, y: (x0 + (x - x0) * cos - (y - y0) * sin, y0 + (x - x0) * sin + (y - y0) * cos))


def backwards(d: str) -> str:
    """The same open line, drawn from its end to its start."""
    parts = segments(d)
    result: list[Segment] = [("M", (parts[-1][1][-1],))]
    for index in range(len(parts) - 1, 0, -1):
        command, points = parts[index]
        start = parts[index - 1][1][-1]
        result.append((command, (*reversed(points[:-1]), start)))
    return text(result)


def whole(half: str) -> str:
    """A closed symmetrical outline from its right half, an open line that starts and ends on the middle, x = 0."""
    return text(segments(half)) + backwards(mirrored(half)).replace("M", "L", 1) + "Z"


def across(half: str) -> str:
    """An open symmetrical line from its right half, an open line that starts on the middle, x = 0."""
    return backwards(mirrored(half)) + text(segments(half)).replace("M", "L", 1)


def spindle(start: Point, bend: Point, end: Point, width: float) -> str:
    """A curved sliver, pointed at both ends and about `width` wide in the middle: the shape of a fold."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy) or 1.0
    nx, ny = -dy / length * width, dx / length * width
    return text(
        [
            ("M", (start,)),
            ("Q", ((bend[0] + nx, bend[1] + ny), end)),
            ("Q", ((bend[0] - nx, bend[1] - ny), start)),
            ("Z", ()),
        ]
    )


def box(x: float, y: float, width: float, height: float, radius: float = 0) -> str:
    """A rectangle from its left upper corner, its corners rounded."""
    r = min(radius, width / 2, height / 2)
    right, bottom = x + width, y + height
    return (
        f"M{x + r} {y}L{right - r} {y}Q{right} {y} {right} {y + r}L{right} {bottom - r}"
        f"Q{right} {bottom} {right - r} {bottom}"
        f"L{x + r} {bottom}Q{x} {bottom} {x} {bottom - r}L{x} {y + r}Q{x} {y} {x + r} {y}Z"
    )


def oval(x: float, y: float, rx: float, ry: float) -> str:
    """An ellipse about (x, y)."""
    k, m = 0.5523 * rx, 0.5523 * ry
    return (
        f"M{x} {y - ry}C{x + k} {y - ry} {x + rx} {y - m} {x + rx} {y}C{x + rx} {y + m} {x + k} {y + ry} {x} {y + ry}"
        f"C{x - k} {y + ry} {x - rx} {y + m} {x - rx} {y}C{x - rx} {y - m} {x - k} {y - ry} {x} {y - ry}Z"
    )
