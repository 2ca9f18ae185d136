"""Rules about pages: nothing in them runs that the content security policy would have to let through."""

import re
from collections.abc import Iterator
from typing import Final

from habits.rule import Place, Source, rule

_PAGES: Final = ("src/threadly/",)
_HTML: Final = (".html", ".jinja", ".j2", ".xml", ".svg")
_INLINE: Final = (
    (re.compile(r"<script(?![^>]*\bsrc\s*=)[^>]*>(?!\s*</script>)", re.IGNORECASE), "inline script"),
    (re.compile(r"<style\b", re.IGNORECASE), "inline style sheet"),
    (re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.IGNORECASE), "style attribute"),
    (re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.IGNORECASE), "inline event handler"),
    (re.compile(r"<[a-z][^<>]*\s(?:data-)?hx-on[:=-]", re.IGNORECASE), "inline event handler (hx-on)"),
    (re.compile(r"""=\s*["']?\s*javascript:""", re.IGNORECASE), "javascript: address"),
    (re.compile(r"""hx-(?:vals|headers)\s*=\s*["']?\s*js:""", re.IGNORECASE), "evaluated value (js:)"),
)
_UNESCAPED: Final = re.compile(r"\|\s*safe\b|{%-?\s*autoescape\s+false", re.IGNORECASE)
_DATA: Final = re.compile(r"""<script[^>]*\btype\s*=\s*["']application/(?:ld\+)?json["'][^>]*>""", re.IGNORECASE)


@rule(
    "nothing-inline",
    guards="The ancestor's policy needed unsafe-inline and unsafe-eval, so it was switched off.",
    only=_PAGES,
    suffixes=_HTML,
)
def nothing_inline(source: Source) -> Iterator[Place]:
    text = _DATA.sub(lambda found: "<data>" + "\n" * found.group().count("\n"), source.text)  # data does not run
    for pattern, what in _INLINE:
        for found in pattern.finditer(text):
            yield text.count("\n", 0, found.end() - 1) + 1, f"{what}: the policy forbids it; use a class or a file"


@rule(
    "escaped-in-templates",
    guards="HTML that was stored once, then trusted: templates escape all they print.",
    only=_PAGES,
    suffixes=_HTML,
)
def escaped_in_templates(source: Source) -> Iterator[Place]:
    for found in _UNESCAPED.finditer(source.text):
        yield source.text.count("\n", 0, found.start()) + 1, f"{found.group()}: print it escaped"


_FORM: Final = re.compile(r"<form\b(?:[^>{]|\{%.*?%\}|\{\{.*?\}\})*>", re.IGNORECASE | re.DOTALL)
_POSTED: Final = re.compile(r"""\bmethod\s*=\s*["']?post""", re.IGNORECASE)
_SHOWN: Final = '{% include "shared/csrf.html" %}'


@rule(
    "forms-show-a-token",
    guards="The ancestor's forms never sent the token that was asked for. It stands first: only the beginning is read.",
    only=("src/threadly/web/templates/",),
    suffixes=(".html",),
)
def forms_show_a_token(source: Source) -> Iterator[Place]:
    text = re.sub(r"\{#.*?#\}", lambda comment: re.sub(r"[^\n]", " ", comment.group()), source.text, flags=re.DOTALL)
    for found in _FORM.finditer(text):
        if _POSTED.search(found.group()) and not text.startswith(_SHOWN, found.end()):
            yield text.count("\n", 0, found.start()) + 1, f"a form that is sent begins with {_SHOWN}"
