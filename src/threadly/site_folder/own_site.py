"""Reads a whole folder, and gathers what is wrong in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from threadly.core.config import ConfigurationError, toml
from threadly.languages import Messages, TranslationMalformed, parse
from threadly.marketplace.catalog import Reference, ReferenceMalformed, read_reference
from threadly.site_folder.folder import Folder
from threadly.site_folder.pages import WrittenPage, written

SETTINGS: Final = "site.toml"

_KNOWN: Final = (
    SETTINGS, "logo.svg", "logo.png", "favicon.svg", "pages", "catalogue", "translations", "sample.toml",
)  # fmt: skip
_CATALOGUE: Final = ("categories.toml", "sizes.toml", "colours.toml", "materials.toml", "brands.toml")
_MOST_TOML: Final = 1024 * 1024
_MOST_LOGO: Final = 256 * 1024
_MOST_FAVICON: Final = 64 * 1024
_MOST_PO: Final = 2 * 1024 * 1024
_PNG: Final = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Image:
    """A drawing that a site is known by."""

    suffix: str
    """`.svg` or `.png`."""
    content: bytes


@dataclass(frozen=True, slots=True)
class OwnSite:
    """What a folder says; a site of which nothing was said is Threadly's own."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    """What site.toml says, not yet read."""
    logo: Image | None = None
    favicon: Image | None = None
    pages: tuple[WrittenPage, ...] = ()
    reference: Reference | None = None
    """The catalogue, if the folder has one."""
    messages: Mapping[str, Messages] = field(default_factory=dict)
    """Words by language."""
    sample: Mapping[str, str] = field(default_factory=dict)
    """By the path of a leaf of this catalogue, the leaf of ours whose sample data hangs there."""


def own(root: Path | None) -> OwnSite:
    """The site that a folder describes; Threadly's own without one.

    Raises:
        ConfigurationError: Something is wrong in it; with all that is.
    """
    if root is None:
        return OwnSite()
    found, mistakes = read(root)
    if mistakes:
        raise ConfigurationError(mistakes)
    return found


def read(root: Path) -> tuple[OwnSite, list[str]]:
    """The site that a folder describes, and all that is wrong in it."""
    mistakes: list[str] = []
    if not root.is_dir():
        return OwnSite(), ["The site's folder is none."]
    folder = Folder(root, mistakes)
    for name in folder.names():
        if name not in _KNOWN:
            nearest = get_close_matches(name, _KNOWN, n=1)
            mistakes.append(f"{name}: is nothing that a site has{f'; did you mean {nearest[0]}?' if nearest else '.'}")
    return (
        OwnSite(
            settings=_toml(folder, SETTINGS),
            logo=_logo(folder),
            favicon=_svg(folder, "favicon.svg", _MOST_FAVICON),
            pages=written(folder),
            reference=_reference(folder),
            messages=_messages(folder),
            sample=_sample(folder),
        ),
        mistakes,
    )


def _toml(folder: Folder, name: str) -> dict[str, Any]:
    content = folder.read_text(name, most=_MOST_TOML)
    try:
        return toml(content or "")
    except ValueError as fault:
        folder.mistakes.append(f"{name}: {fault}.")
        return {}


def _logo(folder: Folder) -> Image | None:
    drawn = _svg(folder, "logo.svg", _MOST_LOGO)
    content = folder.read_bytes("logo.png", most=_MOST_LOGO)
    if content is None:
        return drawn
    if drawn is not None:
        folder.mistakes.append("logo.png: there is a logo.svg as well; keep one of them.")
    if not content.startswith(_PNG):
        folder.mistakes.append("logo.png: is no PNG.")
    return Image(".png", content)


def _svg(folder: Folder, name: str, most: int) -> Image | None:
    content = folder.read_bytes(name, most=most)
    if content is None:
        return None
    if b"<svg" not in content:
        folder.mistakes.append(f"{name}: is no SVG.")
    return Image(".svg", content)


def _reference(folder: Folder) -> Reference | None:
    own: dict[str, str] = {}
    for name in folder.names("catalogue"):
        if name not in _CATALOGUE:
            folder.mistakes.append(f"catalogue/{name}: is none of {', '.join(_CATALOGUE)}.")
        elif (content := folder.read_text(f"catalogue/{name}", most=_MOST_TOML)) is not None:
            own[name] = content
    if not own:
        return None
    try:
        return read_reference(own=own)
    except ReferenceMalformed as refusal:
        faults: Any = refusal.facts.get("faults") or [str(refusal)]
        folder.mistakes += [f"catalogue/{fault}" for fault in faults]
        return None


def _messages(folder: Folder) -> dict[str, Messages]:
    found: dict[str, Messages] = {}
    for name in folder.names("translations"):
        language, dot, ending = name.partition(".")
        if f"{dot}{ending}" != ".po" or not (language.isascii() and language.isalpha() and language.islower()):
            folder.mistakes.append(f"translations/{name}: should be called by its language, as de.po.")
            continue
        content = folder.read_bytes(f"translations/{name}", most=_MOST_PO)
        try:
            found[language] = parse(content or b"", language, name=f"translations/{name}")
        except TranslationMalformed as refusal:
            folder.mistakes += refusal.faults
    return found


def _sample(folder: Folder) -> dict[str, str]:
    given = _toml(folder, "sample.toml")
    leaves = given.pop("leaves", {})
    folder.mistakes += [f"sample.toml: {name} is nothing that it has; it has leaves." for name in given]
    if not isinstance(leaves, dict) or not all(isinstance(value, str) for value in leaves.values()):
        folder.mistakes.append("sample.toml: leaves should name, for a leaf of yours, a leaf of Threadly's.")
        return {}
    return leaves
