"""Translations from gettext's .po files, as the pages look them up."""

import gettext
import re
from collections.abc import Callable, Mapping
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

_IN_CONTEXT: Final = "\x04"
"""Between a context and what is said in it, as in gettext's own files."""
_NAMED: Final = re.compile(r"(?<!%)%\((\w+)\)s|\{(\w+)\}")


class TranslationMalformed(Exception):
    """A file of translations cannot be read."""

    code = "translation_malformed"


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

    def counted(self, one: str, many: str, count: int, context: str | None = None) -> str:
        """A sentence that counts, in the form that `count` takes."""
        found = self.said.get(_key(one, context))
        if found:
            return found[min(self._form(count), len(found) - 1)]
        return one if count == 1 else many

    def overridden_by(self, other: "Messages") -> "Messages":
        """What `other` says, and these where it says nothing."""
        return Messages({**self.said, **other.said}, self._form)


def read(file: Traversable, language: str) -> Messages:
    """The messages in a .po file; what it leaves empty or marks as fuzzy is not among them.

    Raises:
        TranslationMalformed: It is no .po file, or a translation has a placeholder that the English has not.
    """
    return parse(file.read_bytes(), language, name=file.name)


def parse(content: bytes, language: str, *, name: str) -> Messages:
    """The messages in what a .po file holds.

    Args:
        name: Of the file, for who has to mend it.

    Raises:
        TranslationMalformed: As `read` does.
    """
    try:
        catalog = read_po(BytesIO(content), locale=language, abort_invalid=True)
    except (PoFileError, ValueError) as fault:
        raise TranslationMalformed(f"{name}: {fault}") from None
    said: dict[str, tuple[str, ...]] = {}
    for message in catalog:
        ids, strings = forms(message.id), forms(message.string)
        if not ids[0] or message.fuzzy or not all(strings):
            continue
        if strange := placeholders(*strings) - placeholders(*ids):
            raise TranslationMalformed(f"{name}, “{ids[0]}”: {', '.join(sorted(strange))} is not in the English.")
        said[_key(ids[0], message.context)] = strings
    return Messages(said, form_of(catalog))


def forms(texts: object) -> tuple[str, ...]:
    """A message's texts, whether it counts or not."""
    return tuple(str(text or "") for text in texts) if isinstance(texts, list | tuple) else (str(texts or ""),)


def form_of(catalog: Catalog) -> Callable[[int], int]:
    """Which plural form a number takes in a catalogue's language."""
    return gettext.c2py(catalog.plural_expr)


def placeholders(*texts: str) -> set[str]:
    """The names of the values that go into a sentence: `%(name)s` and `{name}`."""
    return {name for text in texts for found in _NAMED.findall(text) for name in found if name}


def _key(message: str, context: str | None) -> str:
    return message if context is None else f"{context}{_IN_CONTEXT}{message}"
