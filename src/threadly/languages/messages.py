"""Translations from gettext's .po files, as the pages look them up."""

import gettext
import re
from collections.abc import Callable, Mapping, Sequence
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Final

from babel import UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from threadly.languages.places import fault

_IN_CONTEXT: Final = "\x04"
"""Between a context and what is said in it, as in gettext's own files."""
_MOST_TRIED: Final = 200
_FORMS: Final = re.compile(rb"nplurals\s*=\s*[0-9]{2}")
"""More plural forms than any language has; Babel makes room for as many as a file says."""
_DIVIDES: Final = re.compile(r"[/%]\s*(?![1-9])")


class TranslationMalformed(Exception):
    """A file of translations cannot be used; the message has a line for each reason."""

    code = "translation_malformed"

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults: Sequence[str] = faults


class Messages:
    """What one language says for each English sentence; the English itself where it says nothing.

    Args:
        said: By the English singular (after its context, if it has one), the translation in each plural form.
        form: Which form a number takes.
    """

    def __init__(self, said: Mapping[str, tuple[str, ...]], form: Callable[[int], int]) -> None:
        self.said = said
        self._form = form

    def one(self, message: str, context: str | None = None) -> str:
        """A sentence."""
        found = self.said.get(_key(message, context))
        return found[0] if found else message

    def plain(self, message: str) -> str:
        """A sentence that no template fills: its translation writes `%` as `%%` like all others."""
        found = self.said.get(message)
        return found[0].replace("%%", "%") if found else message

    def counted(self, one: str, many: str, count: int, context: str | None = None) -> str:
        """A sentence that counts, in the form that `count` takes."""
        found = self.said.get(_key(one, context))
        if found:
            return found[max(0, min(self._form(count), len(found) - 1))]
        return one if count == 1 else many

    def overridden_by(self, other: "Messages") -> "Messages":
        """What `other` says, and these where it says nothing."""
        return Messages({**self.said, **other.said}, self._form)


def read(file: Traversable, language: str) -> Messages:
    """The messages in a .po file; what it leaves empty or marks as fuzzy is not among them.

    Raises:
        TranslationMalformed: It is no .po file, or a translation cannot be filled with values as the English is.
    """
    return parse(file.read_bytes(), language, name=file.name)


def parse(content: bytes, language: str, *, name: str) -> Messages:
    """The messages in what a .po file holds.

    Args:
        name: Of the file, for who has to mend it.

    Raises:
        TranslationMalformed: As `read` does.
    """
    if _FORMS.search(content):
        raise TranslationMalformed(f"{name}: Plural-Forms: nplurals has more than one figure")
    try:
        catalog = read_po(BytesIO(content), locale=language, abort_invalid=True)
        form = form_of(catalog)
    except (PoFileError, ValueError, LookupError, UnknownLocaleError) as refusal:
        raise TranslationMalformed(f"{name}: {refusal}") from None
    said: dict[str, tuple[str, ...]] = {}
    faults = []
    for message in catalog:
        ids, strings = forms(message.id), forms(message.string)
        if not ids[0] or message.fuzzy or not all(strings):
            continue
        if reason := next(filter(None, (fault(string, *ids) for string in strings)), None):
            faults.append(f"{name}, line {message.lineno}, “{ids[0]}”: {reason}")
        said[_key(ids[0], message.context)] = strings
    if faults:
        raise TranslationMalformed(*faults)
    return Messages(said, form)


def forms(texts: object) -> tuple[str, ...]:
    """A message's texts, whether it counts or not."""
    return tuple(str(text or "") for text in texts) if isinstance(texts, list | tuple) else (str(texts or ""),)


def form_of(catalog: Catalog) -> Callable[[int], int]:
    """Which plural form a number takes in a catalogue's language.

    Raises:
        ValueError: Its Plural-Forms do not say so.
    """
    try:
        form = gettext.c2py(catalog.plural_expr)
        for count in range(_MOST_TRIED + 1):
            form(count)
    except (ValueError, ArithmeticError, RecursionError) as refusal:
        raise ValueError(f"Plural-Forms: {refusal}") from None
    if _DIVIDES.search(catalog.plural_expr):
        raise ValueError("Plural-Forms: divides by something else than a number")
    return form


def _key(message: str, context: str | None) -> str:
    return message if context is None else f"{context}{_IN_CONTEXT}{message}"
