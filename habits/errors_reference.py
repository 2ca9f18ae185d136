"""Writes docs/reference/errors.md: every error that Threadly tells people or programs about, by its code."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Final

import threadly
from threadly.core.errors import Problem

FILE: Final = "docs/reference/errors.md"

_NOT_IMPORTABLE: Final = ("threadly.__main__", "threadly.migrations.versions.")
"""Run by others, with what they bring."""


def errors() -> list[type[Exception]]:
    """Every class of error with a `code` that any module of Threadly defines, by that code."""
    found: set[type[Exception]] = set()
    for name in _modules():
        module = importlib.import_module(name)
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, Exception) and kind.__module__.startswith("threadly.") and isinstance(code(kind), str):
                found.add(kind)
    return sorted(found, key=lambda kind: (str(code(kind)), kind.__qualname__))


def code(kind: type[Exception]) -> object:
    """The stable name that programs go by."""
    return getattr(kind, "code", None)


def _modules() -> Iterator[str]:
    for found in pkgutil.walk_packages(threadly.__path__, "threadly."):
        if not found.name.startswith(_NOT_IMPORTABLE):
            yield found.name


def text() -> str:
    """The page."""
    problems = [kind for kind in errors() if issubclass(kind, Problem)]
    others = [kind for kind in errors() if not issubclass(kind, Problem)]
    lines = [
        "# Errors",
        "",
        "<!-- Written by `python -m habits --write` from the classes themselves. -->",
        "",
        "Programs go by the `code`, which never changes its meaning. The sentence is for people, and may be improved.",
        "",
        "## Answers",
        "",
        "What the API and the pages answer with. In the API it is a problem document (RFC 9457) with the `code`, the",
        "sentence as its `title`, and `detail` and further facts where there are any.",
        "",
        "| code | status | sentence | when |",
        "|---|---|---|---|",
        *(f"| `{kind.code}` | {kind.status} | {kind.title} | {_when(kind)} |" for kind in problems),
        "",
        "## Commands",
        "",
        "What ends a command at the terminal; the message says what to do.",
        "",
        "| code | class | when |",
        "|---|---|---|",
        *(f"| `{code(kind)}` | `{kind.__module__}.{kind.__qualname__}` | {_when(kind)} |" for kind in others),
        "",
    ]
    return "\n".join(lines)


def _when(kind: type[Exception]) -> str:
    paragraph = inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0]
    return " ".join(paragraph.split()).replace("|", "\\|")
