"""Pages of text about the shop: its owner's terms, imprint and the like, from Markdown.

Guaranteed: HTML in the Markdown is shown and not used, links lead to pages and mail only, and nothing is loaded from
anywhere. All is rendered once, when the shop starts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from threadly.core.errors import NotFound
from threadly.languages import Language, Languages
from threadly.site_folder import WrittenPage, heading
from threadly.web.prefixes import WITHOUT

_SAFE: Final = ("https://", "http://", "mailto:", "tel:", "/", "#")


class PageNotFound(NotFound):
    """The shop has no page about itself of this name."""

    code = "page_not_found"
    title = "There is no such page about this shop."


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page in a reader's language, or in the one that it was written in."""

    name: str
    heading: str
    language: str
    body: Markup


class OwnPages:
    """The pages about a shop in each of its languages, in the order of their links."""

    def __init__(self, pages: Iterable[WrittenPage], languages: Languages) -> None:
        written = tuple(pages)
        self._pages: dict[str, dict[str, Rendered]] = {
            language.code: {page.name: _rendered(page, language, languages.first) for page in written}
            for language in languages
        }

    def links(self, language: Language) -> Sequence[Rendered]:
        """All pages, as the footer names them."""
        return tuple(self._pages[language.code].values())

    def page(self, language: Language, name: str) -> Rendered:
        """A page.

        Raises:
            PageNotFound: There is none of this name.
        """
        found = self._pages[language.code].get(name)
        if found is None:
            raise PageNotFound
        return found


def in_order(own: Sequence[WrittenPage], shipped: Sequence[WrittenPage], named: Sequence[str]) -> list[WrittenPage]:
    """An owner's pages and those of ours that they do not replace; only those that are named, if some are."""
    pages: Mapping[str, WrittenPage] = {page.name: page for page in (*shipped, *own)}
    if named:
        return [pages[name] for name in named if name in pages]
    return sorted(pages.values(), key=lambda page: (page.order, page.name))


def _rendered(page: WrittenPage, language: Language, first: Language) -> Rendered:
    text, said_in = page.in_language(language.code, first.code)
    return Rendered(page.name, heading(text), said_in, markdown(text, language.at))


class _Reader(MarkdownIt):
    """Markdown of which links lead to pages, mail and telephones, and nowhere else."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - what it is called there
        return url.lower().startswith(_SAFE) and not url.startswith(("//", "/\\"))


def markdown(text: str, at: str) -> Markup:
    """Markdown as HTML that cannot do anything.

    Args:
        at: What links to the shop's own pages begin with.
    """
    reader = _Reader("commonmark", {"html": False}).enable("table").disable("image")
    tokens = reader.parse(text)
    for token in tokens:
        for inner in token.children or ():
            _lead_home(inner, at)
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704 - HTML is switched off in it


def _lead_home(token: Token, at: str) -> None:
    address = token.attrGet("href") if token.type == "link_open" else None
    if isinstance(address, str) and address.startswith("/") and not address.startswith(WITHOUT):
        token.attrSet("href", f"{at}{address}")
