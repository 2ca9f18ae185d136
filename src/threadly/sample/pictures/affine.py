"""Plane transforms: moving, turning, scaling, mirroring, and their composition."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Affine:
    """The map (x, y) -> (a x + c y + e, b x + d y + f), in the order in which SVG's `matrix()` lists them."""

    a: float = 1
    b: float = 0
    c: float = 0
    d: float = 1
    e: float = 0
    f: float = 0

    @classmethod
    def of(cls, dx: float, dy: float, *, turn: float = 0, across: float = 1, down: float = 1) -> "Affine":
        """Scale by `across` and `down`, turn clockwise by `turn` degrees, then move by (dx, dy)."""
        cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        return cls(across * cos, across * sin, -down * sin, down * cos, dx, dy)

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, first: "Affine") -> "Affine":
        """The map that does `first`, then this."""
        (e, f) = self(first.e, first.f)
        return Affine(
            self.a * first.a + self.c * first.b,
            self.b * first.a + self.d * first.b,
            self.a * first.c + self.c * first.d,
            self.b * first.c + self.d * first.d,
            e,
            f,
        )

    def inverse(self) -> "Affine":
        """The map back. Raises ZeroDivisionError when this one flattens the plane."""
        area = self.a * self.d - self.b * self.c
        return Affine(
            self.d / area,
            -self.b / area,
            -self.c / area,
            self.a / area,
            (self.c * self.f - self.d * self.e) / area,
            (self.b * self.e - self.a * self.f) / area,
        )

    @property
    def scale(self) -> float:
        """How much longer lengths become, on average."""
        return math.sqrt(abs(self.a * self.d - self.b * self.c))

    def __str__(self) -> str:
        return f"matrix({self.a:.12g} {self.b:.12g} {self.c:.12g} {self.d:.12g} {self.e:.12g} {self.f:.12g})"
