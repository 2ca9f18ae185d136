"""The colours of a site, which everybody must be able to read: contrasts by WCAG 2.2."""

from typing import Annotated, Final, Self

from pydantic import model_validator

from threadly.core.config import Section, spelled

LEAST_CONTRAST: Final = 4.5
"""What WCAG asks of text, in level AA."""

_SHADES: Final = (("paper_200", 0.045), ("paper_300", 0.13))  # how much ink is in the darker papers

Hex = Annotated[str, spelled(r"#[0-9a-fA-F]{6}", form="# and six hexadecimal digits", example="#7a4b00")]


class Palette(Section):
    """Five colours, as #rrggbb, of which all others are made."""

    primary: Hex
    """Buttons and what leads on. Must be readable on paper."""

    secondary: Hex
    """Links, and the ring around what has the focus. Must be readable on paper."""

    accent: Hex
    """Small marks that carry ink or paper."""

    paper: Hex
    """What everything stands on."""

    ink: Hex
    """What is written."""

    @model_validator(mode="after")
    def _is_readable(self) -> Self:
        faint = []
        paper = self.shade(dict(_SHADES)["paper_200"])
        for name in ("ink", "primary", "secondary"):
            ratio = contrast(getattr(self, name), paper)
            if ratio < LEAST_CONTRAST:
                faint.append(f"{name} has a contrast of {ratio:.1f} to paper and its shade")
        if (best := max(contrast(self.accent, self.ink), contrast(self.accent, self.paper))) < LEAST_CONTRAST:
            faint.append(f"accent has a contrast of {best:.1f} to the better of ink and paper")
        if faint:
            raise ValueError(f"{', '.join(faint)}; {LEAST_CONTRAST} is the least that all can read")
        return self

    def shade(self, ink: float) -> str:
        """Paper with so much ink in it."""
        mixed = (round(p + (i - p) * ink) for p, i in zip(_rgb(self.paper), _rgb(self.ink), strict=True))
        return "#" + "".join(f"{part:02x}" for part in mixed)

    def properties(self) -> dict[str, str]:
        """The custom properties that stand for these in our style sheet."""
        darker = {name: self.shade(ink) for name, ink in _SHADES}
        return {
            "base-100": self.paper,
            "base-200": darker["paper_200"],
            "base-300": darker["paper_300"],
            "base-content": self.ink,
            "primary": self.primary,
            "primary-content": self._on(self.primary),
            "secondary": self.secondary,
            "secondary-content": self._on(self.secondary),
            "accent": self.accent,
            "accent-content": self._on(self.accent),
            "neutral": self.ink,
            "neutral-content": self.paper,
        }

    def _on(self, colour: str) -> str:
        return max((self.paper, self.ink), key=lambda text: contrast(colour, text))


class Colours(Section):
    """The site by day and by night."""

    light: Palette
    """By day."""

    dark: Palette
    """By night: for whoever's device asks for dark pages."""

    def style_sheet(self) -> str:
        """What goes after our style sheet."""
        day, night = (
            "".join(f"--color-{name}:{value};" for name, value in palette.properties().items())
            for palette in (self.light, self.dark)
        )
        here = ":root:root:root"  # before what the themes say of themselves
        return f"{here}{{{day}}}\n@media (prefers-color-scheme:dark){{{here}{{{night}}}}}\n"


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black and white (WCAG 2.2, contrast ratio)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
