"""What makes a shop look like its owner's: name and tagline, logo, icon, colours, and links to its pages."""

from dataclasses import dataclass, field
from typing import Any, Final

from threadly.languages import Language
from threadly.settings import SiteSettings
from threadly.site_folder import OwnSite

_OUR_PAPERS: Final = ("#fbf8f3", "#151725")
_COLOURS: Final = "colours.css"


@dataclass(frozen=True, slots=True)
class Look:
    """The site as its settings and its folder describe it; Threadly's own where they say nothing."""

    site: SiteSettings
    own: OwnSite = field(default_factory=OwnSite)

    def files(self) -> dict[str, bytes]:
        """What is served beside our own files, or in their place, by name."""
        files = {}
        if self.own.logo is not None:
            files[f"logo{self.own.logo.suffix}"] = self.own.logo.content
        if self.own.favicon is not None:
            files["favicon.svg"] = self.own.favicon.content
        if self.site.colours is not None:
            files[_COLOURS] = self.site.colours.style_sheet().encode()
        return files

    def described(self, language: Language) -> dict[str, Any]:
        """What templates know of it."""
        colours = self.site.colours
        return {
            "tagline": self.tagline(language),
            "logo": None if self.own.logo is None else f"logo{self.own.logo.suffix}",
            "own_colours": None if colours is None else _COLOURS,
            "papers": _OUR_PAPERS if colours is None else (colours.light.paper, colours.dark.paper),
        }

    def tagline(self, language: Language) -> str | None:
        """What the shop is about, in a sentence; None if its owner does not say."""
        said = self.site.tagline
        return said.get(language.code) or said.get(self.site.languages[0])
