"""The sheet a garment is drawn on: panels of cloth that take the light, and the small things sewn onto them.

Units: the sheet is 800 wide and 1000 high; x is counted from its middle, so that a garment is symmetrical about 0.
Light falls from the upper left. Everything soft is a stack of a few translucent strokes of growing width instead
of a blur or a gradient, because a rasteriser fills plain colour some thirty times faster than either.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random

from threadly.sample.pictures import fabrics, palette, prints
from threadly.sample.pictures.affine import Affine
from threadly.sample.pictures.look import Colour, Fabric, Look, Print, View
from threadly.sample.pictures.palette import Paint, mix
from threadly.sample.pictures.paths import Point, extent, mapped, mirrored, oval, spindle

Fold = tuple[Point, Point, Point, float, float]
"""Start, bend, end, width, and strength: 0..1 for a shadow, 0..-1 for a lit ridge."""

_FIXED = {
    "rubber": "#f0eee8",
    "gum": "#b98a58",
    "wood": "#b98a5e",
    "tan": "#a9754a",
    "cream": "#efe6d6",
    "paper": "#f7f4ee",
    "ink": "#2c2a2e",
    "glass": "#d7e2e4",
    "thread": "#d59a4a",
}

_SMALL = 36.0
"""Pieces narrower than this show no texture: it would cost more than it shows."""


class Sheet:
    """One garment being drawn. Call its methods back to front: what comes later lies on top."""

    def __init__(self, look: Look, fabric: Fabric, *, hangs: bool = False, prefix: str = "") -> None:
        self.look = look
        self.fabric = fabric
        self.hand = fabrics.HANDS[fabric]
        self.back = look.view is View.BACK
        self.hangs = hangs
        """Whether it hangs on a hanger rather than lies on something."""
        self.hook: Point | None = None
        """Where the hanger's hook ends, once a hanger has been drawn."""
        self.variant = look.variant
        # Not for secrets: the same seed must draw the same folds for ever.
        self.random = Random(f"{look.garment}/{look.seed}")  # noqa: S311
        choice = self.random.randrange(12)
        self.main = palette.shade(look.colour, choice)
        self.second = palette.shade(look.second, choice // 3)
        self.metal = palette.shade(
            look.colour if look.colour in {Colour.GOLD, Colour.SILVER} else (Colour.SILVER, Colour.GOLD)[choice % 2],
            choice,
        )
        multicoloured = look.colour is Colour.MULTICOLOUR or look.second is Colour.MULTICOLOUR
        self.inks = prints.inks(self.second, multicoloured, self.random)
        self._print = prints.tile(look.print, self.main, self.second, self.inks, self.random)
        self._texture = fabrics.texture(fabric, self.main)
        self._definitions: list[str] = []
        self._marks: list[str] = []
        self._places = [Affine()]
        self._tiled: dict[Affine, int] = {}
        self._forms: dict[str, str] = {}
        self._outlines: list[str] = []
        self.reach: list[str] = []
        """Lines that belong to the garment but cast their own shadow; they count for its extent."""
        self._clips = 0
        self._prefix = prefix

    # What has been drawn.

    def definitions(self, frame: Affine) -> str:
        """The content of `<defs>`, for a drawing that `frame` brings onto the sheet."""
        found = list(self._definitions)
        for kind, tile in (("print", self._print), ("texture", self._texture)):
            if tile and self._tiled:
                name = f"{self._prefix}{kind}"
                found.append(tile.definition(name))
                found += (tile.placed(f"{name}{i}", name, frame.after(place)) for place, i in self._tiled.items())
        return "".join(found)

    @property
    def marks(self) -> str:
        """The drawing itself, in the units of the sheet."""
        return "".join(self._marks)

    @property
    def outlines(self) -> Sequence[str]:
        """The silhouette: paths on the sheet, whose union casts the shadow."""
        return self._outlines

    # Cloth.

    def tone(self, name: str) -> Paint:
        """A paint by its role (main, second, metal, lining, dim, or a fixed material) or as a hex colour."""
        if name == "main":
            return self.main
        if name == "second":
            return self.second
        if name == "metal":
            return self.metal
        if name == "accent":
            return self.second if self.look.print is Print.COLOUR_BLOCK else self.main
        if name == "lining":
            return palette.paint(mix(self.main.base, "#1a1a26", 0.34))
        if name == "dim":
            return palette.paint(mix(self.main.base, "#14141e", 0.16))
        return palette.paint(_FIXED.get(name, name))

    def panel(
        self,
        d: str,
        tone: str = "main",
        *,
        folds: Sequence[Fold] = (),
        depth: float = 1.0,
        printed: bool | None = None,
        casts: bool = True,
        lift: float = 0,
        gloss: float | None = None,
    ) -> None:
        """A piece of cloth, or of anything solid, with its print, texture, folds, shaded rim and contour.

        `depth` is how thick its rim looks; `printed` defaults to "when it is of the main colour"; `casts` adds it to
        the silhouette; `lift` lets it throw a small shadow on what lies beneath; `gloss` overrides the fabric's sheen.
        """
        paint = self.tone(tone)
        cloth = tone in {"main", "accent", "dim"}
        left, top, right, bottom = extent(d)
        breadth = min(right - left, bottom - top)
        if casts:
            self._outlines.append(self._on_sheet(d))
        if lift:
            self.glow(d, "#0c0a14", [(lift * w, 0.05) for w in (2.0, 1.4, 0.8, 0.3)], dx=lift * 0.3, dy=lift * 0.6)
        self._mark(f'<path d="{d}" fill="{paint.base}"/>')
        with self.within(d):
            if self._print and (tone == "main" if printed is None else printed):
                self._mark(f'<path d="{d}" fill="url(#{self._prefix}print{self._tiling()})"/>')
            if cloth and self._texture and breadth > _SMALL:
                self._mark(f'<path d="{d}" fill="url(#{self._prefix}texture{self._tiling()})"/>')
            sheen = self.hand.sheen if cloth else 0.35
            self._mark(f'<path d="{d}" fill="url(#{self._form(paint, sheen if gloss is None else gloss)})"/>')
            for fold in folds:
                self.fold(fold, paint=paint, gloss=gloss)
            self._rim(d, paint, depth * (self.hand.loft if cloth else 1.0), breadth)
        self._mark(
            f'<path d="{d}" fill="none" stroke="{paint.deep}" stroke-opacity=".5" stroke-width="1.3"'
            ' stroke-linejoin="round"/>'
        )

    def pair(
        self, d: str, tone: str = "main", *, folds: Sequence[Fold] = (), depth: float = 1.0, lift: float = 0
    ) -> None:
        """The panel on the right, and its mirror image on the left."""
        self.panel(d, tone, folds=folds, depth=depth, lift=lift)
        self.panel(mirrored(d), tone, folds=[_other(fold) for fold in folds], depth=depth, lift=lift)

    def fold(self, fold: Fold, *, paint: Paint | None = None, gloss: float | None = None) -> None:
        """A soft crease: a shadow with a lit ridge beside it, or (negative strength) a ridge alone."""
        start, bend, end, width, strength = fold
        cloth = paint or self.main
        sheen = self.hand.sheen if gloss is None else gloss
        jitter = self.random.uniform(-5, 5)
        bend = (bend[0] + jitter, bend[1])
        light = 0.05 + 0.09 * sheen + (0.05 if cloth.luminance < 0.3 else 0)
        if strength > 0:
            width *= 1.1 + 0.3 * self.hand.folds
            for share in (1.3, 0.95, 0.62, 0.3):
                d = spindle(start, bend, end, width * share)
                self._mark(
                    f'<path d="{d}" fill="{cloth.deep}" fill-opacity="{strength * 0.105 * self.hand.folds:.3f}"/>'
                )
        shift = -width * 0.8 if strength > 0 else 0
        for share in (0.95, 0.45):
            d = spindle(
                (start[0] + shift, start[1]), (bend[0] + shift, bend[1]), (end[0] + shift, end[1]), width * share
            )
            self._mark(f'<path d="{d}" fill="{cloth.light}" fill-opacity="{light * abs(strength) * 1.4:.3f}"/>')

    def glow(self, d: str, colour: str, steps: Sequence[tuple[float, float]], *, dx: float = 0, dy: float = 0) -> None:
        """A soft halo along `d`: for every (width, opacity) one translucent stroke."""
        strokes = "".join(f'<path d="{d}" stroke-width="{w:.1f}" stroke-opacity="{o:.3f}"/>' for w, o in steps)
        self._mark(
            f'<g fill="none" stroke="{colour}" stroke-linejoin="round" stroke-linecap="round"'
            f' transform="translate({dx:.1f} {dy:.1f})">{strokes}</g>'
        )

    # What is sewn on.

    def seam(self, d: str, *, tone: str = "main", width: float = 1.8, opacity: float = 0.5) -> None:
        """A line where two pieces meet: dark, with a lit lip beside it."""
        paint = self.tone(tone)
        self.line(d, paint.light, width * 0.8, opacity * 0.55, dx=-1.2, dy=-1.4)
        self.line(d, paint.deep, width, opacity)

    def stitch(self, d: str, *, tone: str | None = None, opacity: float = 0.75) -> None:
        """Topstitching. On denim the thread is the colour of tobacco."""
        if tone:
            colour = self.tone(tone).base
        elif self.hand.stitched and self.look.colour in {Colour.BLUE, Colour.NAVY, Colour.TURQUOISE}:
            colour = self.tone("thread").base
        else:
            colour = self.main.deep if self.main.luminance > 0.3 else self.main.light
            opacity *= 0.6
        self.line(d, colour, 1.5, opacity, dash="6 3.4")

    def line(
        self,
        d: str,
        colour: str,
        width: float,
        opacity: float = 1,
        *,
        dash: str = "",
        dx: float = 0,
        dy: float = 0,
        cap: str = "round",
    ) -> None:
        """A plain line."""
        extra = (f' stroke-dasharray="{dash}"' if dash else "") + (
            f' transform="translate({dx} {dy})"' if dx or dy else ""
        )
        self._mark(
            f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:.1f}" stroke-opacity="{opacity:.2f}"'
            f' stroke-linecap="{cap}" stroke-linejoin="round"{extra}/>'
        )

    def ink(self, d: str, colour: str, opacity: float = 1) -> None:
        """A plain patch of colour."""
        self._mark(f'<path d="{d}" fill="{colour}" fill-opacity="{opacity:.2f}"/>')

    def cord(self, d: str, width: float, tone: str = "main", *, shadow: bool = True) -> None:
        """A strap, a lace, a chain's thread: a round string of cloth along `d`. It widens the silhouette's extent."""
        paint = self.tone(tone)
        if shadow:
            self.line(d, "#0c0a14", width * 1.5, 0.13, dx=width * 0.35 + 2, dy=width * 0.5 + 3)
        self.line(d, paint.deep, width + 1.4)
        self.line(d, paint.base, width)
        self.line(d, paint.dark, width * 0.45, 0.3, dx=width * 0.2, dy=width * 0.2)
        self.line(d, paint.light, max(1.0, width * 0.22), 0.6, dx=-width * 0.18, dy=-width * 0.18)
        self.reach.append(self._on_sheet(d))

    def ribs(self, lines: Sequence[tuple[Point, Point]], *, tone: str = "main", opacity: float = 0.32) -> None:
        """Knitted ribs, pleats, quilting: parallel dark lines, each with a lit lip."""
        d = "".join(f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}" for a, b in lines)
        paint = self.tone(tone)
        self.line(d, paint.light, 1.6, opacity * 0.8, dx=2.2)
        self.line(d, paint.deep, 1.8, opacity)

    def button(self, x: float, y: float, radius: float = 6.5, tone: str | None = None) -> None:
        """A sewn button, or with `tone="metal"` a rivet or a stud."""
        paint = self.tone(tone) if tone else palette.paint(mix(self.main.base, "#f2e8d8", 0.7))
        if tone is None and self.main.luminance > 0.62:
            paint = palette.paint(mix(self.main.base, "#4a3526", 0.6))
        self.ink(oval(x + 1.4, y + 2.6, radius * 1.08, radius * 1.08), "#0c0a14", 0.28)
        self.ink(oval(x, y, radius, radius), paint.base)
        self.line(oval(x, y, radius * 0.8, radius * 0.8), paint.dark, 1.1, 0.55)
        self.ink(oval(x - radius * 0.25, y - radius * 0.3, radius * 0.4, radius * 0.3), paint.light, 0.7)
        if tone is None:
            for dx, dy in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
                self.ink(oval(x + dx * radius * 0.26, y + dy * radius * 0.26, 0.9, 0.9), paint.deep, 0.9)

    def zipper(self, d: str, *, puller: Point | None = None) -> None:
        """A zip along the line `d`, its puller hanging at `puller`."""
        self.line(d, self.main.deep, 10, 0.75)
        self.line(d, self.metal.base, 5.5, 0.95, dash="2.2 2")
        self.line(d, self.metal.light, 1.2, 0.6)
        if puller:
            x, y = puller
            self.ink(
                f"M{x - 4.5} {y}L{x + 4.5} {y}L{x + 3.4} {y + 24}Q{x} {y + 28} {x - 3.4} {y + 24}Z", self.metal.dark
            )
            self.ink(f"M{x - 3} {y}L{x + 2.4} {y}L{x + 1.6} {y + 22}L{x - 2} {y + 22}Z", self.metal.light, 0.75)

    @contextmanager
    def within(self, d: str) -> Iterator[None]:
        """What is drawn inside the block is cut off at the outline `d`."""
        self._clips += 1
        name = f"{self._prefix}c{self._clips}"
        self._mark(f'<clipPath id="{name}"><path d="{d}"/></clipPath><g clip-path="url(#{name})">')
        yield
        self._mark("</g>")

    @contextmanager
    def placed(
        self, dx: float = 0, dy: float = 0, *, turn: float = 0, scale: float = 1, stretch: float = 1, flip: bool = False
    ) -> Iterator[None]:
        """What is drawn inside the block is mirrored and stretched sideways, scaled, turned clockwise, then moved."""
        place = Affine.of(dx, dy, turn=turn, across=scale * stretch * (-1 if flip else 1), down=scale)
        self._places.append(self._places[-1].after(place))
        self._mark(f'<g transform="{place}">')
        yield
        self._mark("</g>")
        self._places.pop()

    def _on_sheet(self, d: str) -> str:
        return mapped(d, self._places[-1]) if len(self._places) > 1 else d

    def _tiling(self) -> int:
        return self._tiled.setdefault(self._places[-1], len(self._tiled))

    def _mark(self, mark: str) -> None:
        self._marks.append(mark)

    def _rim(self, d: str, paint: Paint, depth: float, breadth: float) -> None:
        """The edge turns away from the light at the right and below, and catches it at the upper left."""
        strength = 0.055 if paint.luminance > 0.25 else 0.08
        dark = [(w * depth, strength * o) for w, o in ((56, 0.75), (32, 1.1), (15, 1.3), (7, 1.4))]
        dark = [(w, o) for w, o in dark if w < breadth * 0.8] or dark[-1:]
        self.glow(d, paint.deep, dark, dx=-4 * depth, dy=-5 * depth)
        lit = 0.10 + 0.10 * self.hand.sheen + (0.04 if paint.luminance < 0.25 else 0)
        self.glow(d, paint.light, [(8, lit * 0.7), (3, lit)], dx=2.2, dy=2.6)

    def _form(self, paint: Paint, sheen: float) -> str:
        """The gradient that makes a panel round: shade at both sides, light left of the middle."""
        key = f"{paint.base}{sheen:.2f}"
        if key not in self._forms:
            name = self._forms[key] = f"{self._prefix}f{len(self._forms)}"
            shade = 0.34 if paint.luminance > 0.25 else 0.5
            lit = 0.10 + 0.26 * sheen
            self._definitions.append(
                f'<linearGradient id="{name}" x2="1" y2=".25">'
                f'<stop stop-color="{paint.dark}" stop-opacity="{shade * 0.6:.2f}"/>'
                f'<stop offset=".27" stop-color="{paint.light}" stop-opacity="{lit:.2f}"/>'
                f'<stop offset=".5" stop-color="{paint.light}" stop-opacity="0"/>'
                f'<stop offset=".52" stop-color="{paint.dark}" stop-opacity="0"/>'
                f'<stop offset="1" stop-color="{paint.dark}" stop-opacity="{shade:.2f}"/></linearGradient>'
            )
        return self._forms[key]


def _other(fold: Fold) -> Fold:
    (ax, ay), (bx, by), (cx, cy), width, strength = fold
    return (-ax, ay), (-bx, by), (-cx, cy), width, strength
