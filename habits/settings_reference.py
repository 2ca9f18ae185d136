"""Writes docs/reference/settings.md: every variable of an installation, from the settings themselves."""

from collections.abc import Iterator
from typing import Final

from threadly.core.config import Section, forms
from threadly.settings import CONVENTIONAL, Settings

FILE: Final = "docs/reference/settings.md"

_PREFIX: Final = "THREADLY_"
_IN_A_FILE_ONLY: Final = {"THREADLY_SITE__TAGLINE", "THREADLY_SITE__COLOURS"}
_HEAD: Final = ["| variable | what it takes | if not said | what it is |", "|---|---|---|---|"]


def text() -> str:
    """The page."""
    return "\n".join(
        [
            "# Settings",
            "",
            "<!-- Written by `python -m habits --write` from the settings themselves. -->",
            "",
            "What `threadly serve`, `work`, `seed` and `db` read from the environment. All mistakes are told at once",
            "when a command starts, each by the name of its variable and without its value; so is a variable",
            "`THREADLY_…` that is not in this page. A time is written in seconds (`5`) or by ISO 8601: `PT0.5S`,",
            "`PT10M`, `P30D`.",
            "",
            *_HEAD,
            *_rows(Settings, _PREFIX),
            "",
            *_sections(Settings, _PREFIX, ""),
        ]
    )


def _sections(kind: type[Section], prefix: str, title: str) -> Iterator[str]:
    for name, field in kind.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            section = f"{title}: {name}" if title else name.capitalize()
            yield from _section(section, f"{prefix}{name.upper()}__", field.annotation)


def _section(title: str, prefix: str, kind: type[Section]) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    yield " ".join((kind.__doc__ or "").split())
    if title == "Site":
        yield "All of it can stand in the site's folder instead, with more than fits a variable: [site.md](site.md)."
    yield ""
    if rows := list(_rows(kind, prefix)):
        yield from _HEAD
        yield from rows
        yield ""
    yield from _sections(kind, prefix, title)


def _rows(kind: type[Section], prefix: str) -> Iterator[str]:
    standing_for = {own: f" (or `{alias}`)" for alias, own in CONVENTIONAL.items()}
    for key, field in kind.model_fields.items():
        variable = f"{prefix}{key}".upper()
        is_section = isinstance(field.annotation, type) and issubclass(field.annotation, Section)
        if not is_section and variable not in _IN_A_FILE_ONLY:
            default = forms.default_of(field)
            unsaid = "must be said" if field.is_required() else default and f"`{default}`"
            told = forms.told(field).replace("|", "\\|")
            yield f"| `{variable}`{standing_for.get(variable, '')} | {forms.form_of(field)} | {unsaid} | {told} |"
