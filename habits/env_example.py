"""Writes .env.example: every variable of an installation, with what it is and an example, to be copied."""

import textwrap
from collections.abc import Iterator
from typing import Final

from threadly.core.config import Section, forms
from threadly.core.config.dotenv import quoted
from threadly.core.config.names import Names, Variable
from threadly.settings import CONVENTIONAL, Settings

FILE: Final = ".env.example"

_WIDTH: Final = 120
# Beside what has no default.
_TO_BE_SAID: Final = {
    "THREADLY_MEDIA__FOLDER",
    "THREADLY_MEDIA__ORIGIN",
    "THREADLY_SECURITY__SECRET",
    "THREADLY_SERVER__TRUSTED_PROXIES",
    "THREADLY_SITE__URL",
}
_IN_A_FILE_ONLY: Final = {"THREADLY_SITE__TAGLINE", "THREADLY_SITE__COLOURS"}
_HEAD: Final = """# All that Threadly can be told. Written by `python -m habits --write` from the settings themselves.
#
#   cp .env.example .env && chmod 600 .env
#   export THREADLY_ENV_FILE="$PWD/.env"    # production reads no other; development reads .env where it is started
#   threadly check                          # says what is still refused, in which line, and what to put there
#
# Production refuses two lines until they are yours: THREADLY_SECURITY__SECRET, what `openssl rand -base64 32` prints;
# and the password in THREADLY_DATABASE__URL, what `openssl rand -hex 24` prints, and ALTER ROLE threadly_serving
# PASSWORD '…' there. The others without a # are examples that are taken as they are: addresses, names and folders, to
# be yours as well. Take the # away from what should not be as it is by default. docs/reference/settings.md tells where
# else settings may stand, and which wins.
"""


def text() -> str:
    """The file."""
    names = Names(Settings, prefix="THREADLY_", aliases=CONVENTIONAL)
    lines: list[str] = []
    above: tuple[str, ...] = ()
    for variable in names.variables.values():
        if variable.name in _IN_A_FILE_ONLY:
            continue
        if variable.path[:-1] != above:
            above = variable.path[:-1]
            lines += _section(above)
        lines += _lines(variable, names)
    return "\n".join([_HEAD, *lines]).rstrip() + "\n"


def _section(path: tuple[str, ...]) -> Iterator[str]:
    kind: type[Section] = Settings
    for name in path:
        found = kind.model_fields[name].annotation
        if isinstance(found, type) and issubclass(found, Section):
            kind = found
    yield ""
    yield f"#### {': '.join(path).capitalize()}"
    yield from _comment(" ".join((kind.__doc__ or "").split()))
    yield ""


def _lines(variable: Variable, names: Names) -> Iterator[str]:
    field = variable.field
    called = names.called(variable.name).removeprefix(variable.name).strip()
    yield from _comment(" ".join(filter(None, (forms.told(field), called))))
    is_said = field.is_required() or variable.name in _TO_BE_SAID
    if command := forms.made_by(field):
        yield f"# Takes {forms.form_of(field)}, made by: {command}"
        yield f"{'' if is_said else '# '}{variable.name}="
    else:
        yield from _comment(f"Takes {forms.form_of(field)}.")
        example = forms.example_of(field) if is_said else forms.default_of(field) or forms.example_of(field)
        yield f"{'' if is_said else '# '}{variable.name}={quoted(example)}"
    yield ""


def _comment(told: str) -> Iterator[str]:
    yield from textwrap.wrap(told, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)
