"""Keeps the translations in step with what they translate: every sentence that people read, from wherever it stands.

Sentences stand in templates (`{{ _("…") }}`, `{% trans %}`), in Python (`words("…")`, `counted("…", "…")`), in the
`title` of every problem, and in the catalogue's files. `python -m habits --write` adds what is new to each language's
.po file, with nothing beside it yet, and drops what nobody says any more. Sorted, without dates or places, so that a
change shows what changed; a file that git left in conflict is put together again.
"""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache, partial
from io import BytesIO
from typing import Any, Final, NamedTuple

import jinja2
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po
from jinja2.ext import extract_from_ast

from habits import errors_reference
from habits.tree import ROOT
from threadly.core.errors import Problem
from threadly.languages.messages import forms
from threadly.languages.places import fault, placeholders

FOLDER: Final = "src/threadly/languages/translations"
LANGUAGES: Final = ("bg", "de")

_SOURCE: Final = ROOT / "src/threadly"
_TEMPLATES: Final = _SOURCE / "web/templates"
_CATALOGUE: Final = _SOURCE / "marketplace/catalog/reference"
_IN_WORDS: Final = re.compile(r"[a-z]{2}")
_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})
_CONFLICT: Final = re.compile(r"^<{7} .*\n(?P<ours>(?:.*\n)*?)={7}\n(?P<theirs>(?:.*\n)*?)>{7} .*\n", re.MULTILINE)
_FIRST: Final = "# Translations of Threadly. Sorted by the English; `./dev fix` adds what is new."


class Said(NamedTuple):
    """What people read in English, and so are to read in every language."""

    one: str
    many: str | None = None
    context: str | None = None

    @property
    def order(self) -> tuple[str, str, str]:
        return self.one.lower(), self.one, self.context or ""


@cache
def sentences() -> tuple[Said, ...]:
    """Every one of them, sorted, each once."""
    found = {*_in_templates(), *_in_python(), *_in_the_catalogue()}
    found |= {Said(kind.title) for kind in errors_reference.errors() if issubclass(kind, Problem)}
    counting = {(said.one, said.context) for said in found if said.many is not None}
    return tuple(sorted((s for s in found if s.many is not None or (s.one, s.context) not in counting), key=_order))


def files() -> dict[str, Callable[[], str]]:
    """Each language's file, and what writes it."""
    return {f"{FOLDER}/{language}.po": partial(text, language) for language in LANGUAGES}


def text(language: str) -> str:
    """A language's file as it should be: every sentence, with the translation that it has, or none."""
    before = _before(language)
    translated = known(before, language)
    remarks = before.partition('msgid ""\n')[0].rstrip("\n")
    blocks = [f"{remarks or _FIRST}\n", _header(language)]
    plurals: int = get_plural(language)[0]
    for said in sentences():
        message = translated.get((said.one, said.context))
        strings = forms(message.string) if message else ("",)
        comments = [f"# {comment}" for comment in message.user_comments] if message else []
        lines = [*comments, *(["#, fuzzy"] if message and message.fuzzy else [])]
        if said.context is not None:
            lines.append(f"msgctxt {_quoted(said.context)}")
        lines.append(f"msgid {_quoted(said.one)}")
        if said.many is None:
            lines.append(f"msgstr {_quoted(strings[0])}")
        else:
            lines.append(f"msgid_plural {_quoted(said.many)}")
            given = strings if len(strings) == plurals else ("",) * plurals
            lines += [f"msgstr[{number}] {_quoted(string)}" for number, string in enumerate(given)]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def known(content: str, language: str) -> dict[tuple[str, str | None], Message]:
    """What a file says, by the English and its context; what either side of a conflict says."""
    found: dict[tuple[str, str | None], Message] = {}
    for message in [message for side in _sides(content, language) for message in side]:
        key = forms(message.id)[0], message.context
        if all(forms(message.string)) or key not in found:
            found[key] = message
    return found


def lacking(language: str) -> list[str]:
    """What a language does not say, says fuzzily, with other values than the English, or in too few plural forms."""
    wrong = []
    plurals: int = get_plural(language)[0]
    known_there = known(_before(language), language)
    for said in sentences():
        message = known_there.get((said.one, said.context))
        strings = forms(message.string) if message else ("",)
        english = (said.one, said.many or said.one)
        if message is None or not all(strings):
            wrong.append(f"{said.one}: is not said")
        elif message.fuzzy:
            wrong.append(f"{said.one}: is marked as fuzzy")
        elif len(strings) != (plurals if said.many else 1):
            wrong.append(f"{said.one}: has {len(strings)} forms")
        elif placeholders(strings[-1]) != placeholders(english[-1]) or any(fault(text, *english) for text in strings):
            wrong.append(f"{said.one}: has other values than the English")
    return wrong


def _order(said: Said) -> tuple[str, str, str]:
    return said.order


def _before(language: str) -> str:
    file = ROOT / FOLDER / f"{language}.po"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _sides(content: str, language: str) -> list[Catalog]:
    """The file; both sides of it, if git could not put them together."""
    ours, theirs = _CONFLICT.sub(r"\g<ours>", content), _CONFLICT.sub(r"\g<theirs>", content)
    return [_read(side, language) for side in dict.fromkeys((theirs, ours))]


def _read(content: str, language: str) -> Catalog:
    return read_po(BytesIO(content.encode()), locale=language, abort_invalid=True)


def _header(language: str) -> str:
    plurals, expression = get_plural(language)[:2]
    lines = [
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: nplurals={plurals}; plural={expression};",
    ]
    return "\n".join(['msgid ""', 'msgstr ""', *(_quoted(f"{line}\n") for line in lines)]) + "\n"


def _quoted(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'


def _in_templates() -> Iterator[Said]:
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"]
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    for file in sorted(_TEMPLATES.rglob("*.*")):
        parsed = environment.parse(file.read_text(encoding="utf-8"), filename=str(file))
        for _, function, found in extract_from_ast(parsed):
            texts = [part for part in (found if isinstance(found, tuple) else (found,)) if part is not None]
            context = texts.pop(0) if function in {"pgettext", "npgettext"} else None
            if texts:
                yield Said(texts[0], texts[1] if function in {"ngettext", "npgettext"} else None, context)


def _in_python() -> Iterator[Said]:
    for file in sorted(_SOURCE.rglob("*.py")):
        content = file.read_text(encoding="utf-8")
        if "words(" not in content and "counted(" not in content:
            continue
        for node in ast.walk(ast.parse(content)):
            match node:
                case ast.Call(func=ast.Name(id="words"), args=[ast.Constant(value=str(one))]):
                    yield Said(one)
                case ast.Call(
                    func=ast.Name(id="counted"), args=[ast.Constant(value=str(one)), ast.Constant(value=str(many))]
                ):
                    yield Said(one, many)
                case _:
                    pass


def _in_the_catalogue() -> Iterator[Said]:
    yield from _names(_toml("categories")["departments"])
    for file in ("colours", "materials"):
        yield from _names(_toml(file)[file])
    for system in _toml("sizes")["systems"]:
        yield Said(system["name"])
        yield from (Said(label) for label in system["sizes"] if _IN_WORDS.search(label))


def _names(entries: list[Any]) -> Iterator[Said]:
    for entry in entries:
        if isinstance(entry, str):
            yield Said(entry)
            continue
        yield Said(entry["name"])
        yield from _names(entry.get("groups", []))
        yield from _names(entry.get("leaves", []))


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((_CATALOGUE / f"{name}.toml").read_text(encoding="utf-8"))
