"""Repeating patterns that rasterise fast.

librsvg repeats a tile some thirty times faster when it is a whole number of pixels and unturned (measured: 100 ms
against 4 for one body). So a tile is not transformed with the piece of cloth that it covers: it is laid on the
picture's own grid, and only its size follows, to the nearest pixel of the largest file.
"""

from dataclasses import dataclass

from threadly.sample.pictures.affine import Affine

PIXELS_PER_UNIT = 1.6
"""Of the largest file, 1280 pixels for a sheet of 800."""

# A tile that came out a hair too small would be truncated to one pixel less, and be resampled after all.
_HAIR = 1e-5


@dataclass(frozen=True, slots=True)
class Tile:
    """One repeat: its size in units of the sheet, and what is drawn on it, as SVG."""

    width: float
    height: float
    body: str

    def definition(self, name: str) -> str:
        """The `<pattern>` that `placed` refers to."""
        return (
            f'<pattern id="{name}" width="{self.width:.4f}" height="{self.height:.4f}" patternUnits="userSpaceOnUse">'
            f"{self.body}</pattern>"
        )

    def placed(self, name: str, original: str, place: Affine) -> str:
        """The pattern `original` under another `name`, for cloth that `place` brings onto the sheet."""
        across, down = self._fitted(self.width, place.scale), self._fitted(self.height, place.scale)
        fitting = place.inverse().after(Affine(a=across, d=down))
        return f'<pattern id="{name}" href="#{original}" patternTransform="{fitting}"/>'

    @staticmethod
    def _fitted(size: float, scale: float) -> float:
        size = float(f"{size:.4f}")
        return (max(1, round(size * scale * PIXELS_PER_UNIT)) + _HAIR) / (size * PIXELS_PER_UNIT)
