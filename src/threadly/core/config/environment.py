"""Reads settings from environment variables: `THREADLY_DATABASE__URL` is field `url` of section `database`.

Guaranteed: all mistakes are reported at once, each under the exact name of its variable; no value that
was given stands in any message, because any value may be a secret.
"""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from threadly.core.config.section import Section

SettingsT = TypeVar("SettingsT", bound=Section)

_NESTED = "__"


class ConfigurationError(Exception):
    """The configuration cannot be used; the message lists every variable at fault, and what it should be."""

    code = "configuration_invalid"

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(["The configuration cannot be used:", *(f"  {problem}" for problem in problems)]))
        self.problems = problems


def load(
    kind: type[SettingsT],
    environment: Mapping[str, str],
    *,
    prefix: str = "THREADLY_",
    aliases: Mapping[str, str] | None = None,
) -> SettingsT:
    """The settings that the environment describes.

    Args:
        aliases: Conventional names and the variable each stands for, as `{"DATABASE_URL": "THREADLY_DATABASE__URL"}`;
            a variable under its own name wins.

    Raises:
        ConfigurationError: Something is missing, malformed or unknown.
    """
    given = {own: environment[alias] for alias, own in (aliases or {}).items() if alias in environment}
    given |= {name: value for name, value in environment.items() if name.startswith(prefix)}

    values: dict[str, object] = {}
    for name, value in given.items():
        *sections, field = name.removeprefix(prefix).lower().split(_NESTED)
        place = values
        for section in sections:
            inner = place.setdefault(section, {})
            if not isinstance(inner, dict):
                raise ConfigurationError([f"{name}: {section} is a value here, and cannot have parts."])
            place = inner
        place[field] = value
    try:
        return kind.model_validate(values)
    except ValidationError as invalid:
        problems = [
            f"{prefix}{_NESTED.join(str(part) for part in error['loc']).upper()}: {error['msg']}."
            for error in invalid.errors(include_input=False, include_url=False, include_context=False)
        ]
    # Outside the handler, so that the traceback does not carry the values along as the error's cause.
    raise ConfigurationError(problems)
