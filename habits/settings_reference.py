"""Writes docs/reference/settings.md: every variable of an installation, from the settings themselves."""

from collections.abc import Iterator
from typing import Final

from pydantic.fields import FieldInfo

from threadly.core.config import Section, forms
from threadly.settings import CONVENTIONAL, RULES, Settings

FILE: Final = "docs/reference/settings.md"

_INTRODUCTION: Final = """# Settings

<!-- Written by `python -m habits --write` from the settings themselves. -->

What `threadly serve`, `work`, `seed` and `db` are told. `threadly check` says whether it is right, and
`threadly config show` what counts. All mistakes are told at once, each by its variable and its place, and without its
value; so is a `THREADLY_…` that is not in this page. [.env.example](../../.env.example) has all of them, to be copied.

The first of these that says something wins:

1. options of the command, as `threadly serve --workers 4`;
2. the environment;
3. the directory that `THREADLY_SECRETS_DIR` names: one file for each variable, called as it, in capital or in small
   letters, as Docker and Kubernetes mount secrets (`/run/secrets`). The newline at the end of a file does not count.
   That everybody can read it is usual there, and taken as it is; where everybody or a group can *write* the directory
   or a file in it, production refuses to start, and the others warn;
4. the file that `THREADLY_ENV_FILE` names. In development, and where that is not set, `.env` in the working directory;
   an empty `THREADLY_ENV_FILE` reads none. A line is `NAME=value`; a value with a space, a quote, a backslash or a
   dollar stands in single quotes; nothing is expanded;
5. the file in TOML that `THREADLY_CONFIG_FILE` names: `[database]` with `pool_size = 10` is
   `THREADLY_DATABASE__POOL_SIZE`. A value is of its kind, or the text that would stand in the variable. Of this file
   and of the `.env`, production refuses one that everybody can write, too;
6. [the site's folder](site.md), for the site;
7. the default.

These three are read from the environment only. A time is a number of seconds (`5`), a number with its unit (`500ms`,
`5s`, `10m`, `2h`, `30d`), or ISO 8601 (`PT10M`).

`THREADLY_PROFILE` says what it is all for. *production* refuses to start where a protection is missing; *development*
starts, and says what is missing; *test* starts. `threadly demo` is development.
"""
_PREFIX: Final = "THREADLY_"
_IN_A_FILE_ONLY: Final = {"THREADLY_SITE__TAGLINE", "THREADLY_SITE__COLOURS"}
_HEAD: Final = ["| variable | what it takes | if not said | what it is |", "|---|---|---|---|"]


def text() -> str:
    """The page."""
    return "\n".join(
        [_INTRODUCTION, *_HEAD, *_rows(Settings, _PREFIX), "", *_sections(Settings, _PREFIX, ""), *_rules()]
    )


def _rules() -> Iterator[str]:
    yield "## Rules"
    yield ""
    yield "Settings that are right one by one may be wrong together; a report names the code of the rule. *broken*"
    yield "refuses to start in every profile; *unsafe* refuses in production, and warns elsewhere; *unwise* warns."
    yield ""
    yield "| code | if broken | what should hold | looks at |"
    yield "|---|---|---|---|"
    for rule in RULES:
        yield f"| `{rule.code}` | {rule.weight} | {rule.says} | {', '.join(f'`{name}`' for name in rule.reads)} |"
    yield ""


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
            yield f"| `{variable}`{standing_for.get(variable, '')} | {_takes(field)} | {unsaid} | {told} |"


def _takes(field: FieldInfo) -> str:
    form, example, command = forms.form_of(field), forms.example_of(field), forms.made_by(field)
    if command:
        return f"{form}, made by `{command}`"
    return f"{form}, like `{example}`" if example and example not in (forms.default_of(field), form) else form
