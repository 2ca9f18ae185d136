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
    "THREADLY_SITE__URL",
}
_IN_A_FILE_ONLY: Final = {"THREADLY_SITE__TAGLINE", "THREADLY_SITE__COLOURS"}
_HEAD: Final = """# All that Threadly can be told. Written by `python -m habits --write` from the settings themselves.
#
# Copy it to .env, put in what is yours, and take the # away from what should not be as it is by default. Development
# reads .env in the working directory; production reads it only where THREADLY_ENV_FILE names it. `threadly check` says
# whether it is right. docs/reference/settings.md tells where else settings may stand, and which wins.
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
