"""All the languages of a shop, and which of them an address speaks."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from babel import Locale, UnknownLocaleError, core, localedata

from threadly.core.asgi import Scope
from threadly.languages.language import Language
from threadly.languages.messages import Messages, read

IN_SCOPE: Final = "threadly.language"
"""Where in the scope of a request its language stands."""

SOURCE: Final = "en"
"""The language that everything is written in before it is translated."""


class Languages:
    """What a shop speaks, its first language first."""

    def __init__(self, codes: Sequence[str], country: str, own: Mapping[str, Messages] | None = None) -> None:
        self._spoken = tuple(
            _language(code, f"/{code}" if number else "", country, (own or {}).get(code))
            for number, code in enumerate(codes)
        )
        _let_go()
        self._by_prefix = {language.at: language for language in self._spoken[1:]}

    def __iter__(self) -> Iterator[Language]:
        return iter(self._spoken)

    @property
    def first(self) -> Language:
        """What addresses without a prefix speak."""
        return self._spoken[0]

    def of(self, scope: Scope) -> Language:
        """The language of a request's address."""
        found: Language | None = scope.get(IN_SCOPE)
        return found or self.at(scope["path"])

    def at(self, path: str) -> Language:
        """The language that a whole path speaks, its prefix still on it."""
        return self._by_prefix.get("/" + path[1:].partition("/")[0], self.first)


def _let_go() -> None:
    """Lets Babel forget what it read, 7 MB: our languages have taken what they need, and it reads anew if asked."""
    localedata._cache.clear()  # noqa: SLF001 - it has no other way
    localedata._dict_cache.clear()  # noqa: SLF001
    core._global_data = None  # noqa: SLF001


def shipped(code: str) -> Messages:
    """The translations that Threadly comes with; none for a language that it does not know, nor for the source."""
    file = files("threadly.languages") / "translations" / f"{code}.po"
    return read(file, code) if file.is_file() else Messages({}, lambda count: int(count != 1))


@cache  # reading one takes a while, and a process may have several applications
def _language(code: str, at: str, country: str, own: Messages | None) -> Language:
    messages = shipped(code)
    return Language(
        code,
        at=at,
        locale=locale_of(code, country),
        messages=messages if own is None else messages.overridden_by(own),
    )


def locale_of(code: str, country: str) -> Locale:
    """The language as the country writes it; as most write it where the country is not known to speak it.

    Raises:
        UnknownLocaleError: There is no such language.
    """
    try:
        return Locale(code, territory=country or None)
    except UnknownLocaleError:
        return Locale(code, territory="001") if code == SOURCE else Locale(code)
