"""Reads settings from all their sources, and checks them together.

Guaranteed: every problem is told at once, each by the exact name of its variable and where that stands; no value that
was given is in any message, representation, traceback or pickle, because any value may be a secret. `validate` never
raises, so that no frame of a traceback holds what it has read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar

from pydantic import ValidationError

from threadly.core.config import wording
from threadly.core.config.files import env_source, secrets_source, toml_source
from threadly.core.config.mistakes import ConfigurationError, Mistake, place_of
from threadly.core.config.names import NESTED, Names
from threadly.core.config.profile import Profile
from threadly.core.config.readable import composed, values
from threadly.core.config.readable import readable as readable_of
from threadly.core.config.rules import Rule, Weight, judged
from threadly.core.config.section import Section
from threadly.core.config.sources import Gathered, Given, environment_source, sorted_out

SettingsT = TypeVar("SettingsT", bound=Section)

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
COMMAND_LINE: Final = "command line"
_AFTERWARDS: Final = "What may stand in a place that cannot be read is not judged: mend that first, and ask again."
_QUOTED: Final = 4  # what is shorter stands in any sentence


@dataclass(frozen=True, slots=True)
class Reading(Generic[SettingsT]):
    """What was read, and all that is to be said about it."""

    settings: SettingsT | None
    """None where something is missing, malformed, or in a place that cannot be read; there where `mistakes` are broken
    rules and unknown names only."""
    mistakes: tuple[Mistake, ...]
    """What keeps it from being used."""
    warnings: tuple[Mistake, ...]
    """What should be otherwise."""
    notes: tuple[str, ...]
    """What may help."""
    places: Mapping[str, str]
    """Where each variable stands that has been given; the others have their defaults."""
    readable: Mapping[str, Any] = field(repr=False)
    """The value of each variable that is right by itself; of all of them, where `settings` is there."""
    names: Names = field(repr=False)
    hidden: frozenset[str] = frozenset()
    """The variables that may stand in what cannot be read; nothing is said of them."""
    is_whole: bool = True
    """Whether every source could be read."""

    def usable(self) -> SettingsT:
        """The settings.

        Raises:
            ConfigurationError: With every mistake at once.
        """
        if self.mistakes or self.settings is None:
            raise ConfigurationError(self.mistakes, self.notes)
        return self.settings


def gather(
    kind: type[Section],
    environment: Mapping[str, str],
    *,
    prefix: str = "THREADLY_",
    aliases: Mapping[str, str] = _NOTHING,
    options: Mapping[str, str] = _NOTHING,
    workplace: Path = Path(),
) -> Gathered:
    """What all sources say, each value with its place. The first that says something wins:

    1. the command line;
    2. the environment;
    3. the directory that `…SECRETS_DIR` names, with a file for each variable;
    4. the file that `…ENV_FILE` names; in development, and if that is not set, `.env` in the working directory;
    5. the file in TOML that `…CONFIG_FILE` names;
    6. what the caller adds.

    Args:
        kind: Of all settings together.
        aliases: Conventional names and the variable each stands for, as `{"DATABASE_URL": "THREADLY_DATABASE__URL"}`;
            a variable under its own name wins.
        options: What the command line says, by variable; it wins over everything.
        workplace: Where a `.env` is looked for.
    """
    names = Names(kind, prefix=prefix, aliases=aliases)
    gathered = Gathered(names, others=tuple(name for name in environment if not name.startswith(prefix)))
    gathered.add(sorted_out(names, (Given(name, value, COMMAND_LINE) for name, value in options.items())))
    gathered.add(environment_source(names, environment))
    if folder := environment.get(names.secrets_dir):
        gathered.add(secrets_source(names, Path(folder)))
    if (env_file := _env_file(names, environment, gathered, workplace)) is not None:
        gathered.add(env_source(names, env_file))
    if config_file := environment.get(names.config_file):
        gathered.add(toml_source(names, Path(config_file)))
    return gathered


def _env_file(names: Names, environment: Mapping[str, str], gathered: Gathered, workplace: Path) -> Path | None:
    """The `.env` to read; an empty name is none."""
    if (named := environment.get(names.env_file)) is not None:
        return Path(named) if named else None
    found = workplace / ".env"
    if gathered.text(names.profile) == Profile.DEVELOPMENT:
        return found if found.is_file() else None
    if found.is_file():
        gathered.notes.append(
            f"There is a .env here, and nothing in it was read: only development does that by itself, where the "
            f'environment says {names.profile}=development. To have it read: export {names.env_file}="$PWD/.env"'
        )
    return None


def validate(kind: type[SettingsT], gathered: Gathered, *, rules: Sequence[Rule[SettingsT]] = ()) -> Reading[SettingsT]:
    """The settings that the sources describe, or what is wrong with them. Never raises.

    Args:
        kind: Of all settings, or of one section of them, which is then read whatever is wrong elsewhere.
        rules: That all settings keep together. Where some cannot be read, those rules that look at others still count.
    """
    path = gathered.names.path_of(kind)
    names = gathered.names
    settings, malformed = _validated(kind, path, gathered)
    places = {name: given.place or given.name for name, given in gathered.given.items()}
    readable = {} if path else readable_of(gathered) if settings is None else values(settings, names)
    seen = settings or composed(kind, names, readable)
    profile = _profile(names, readable)
    refused, warned = judged(_able(rules, readable), seen, profile, places)
    (refused if Weight.UNSAFE.refuses(profile) else warned).extend(gathered.unsafe)
    mistakes = [*gathered.unread, *malformed, *refused, *gathered.mistakes]
    warnings = [*warned, *gathered.warnings]
    if path:
        everybodys = ("", *names.files)
        ours = names.prefix + NESTED.join(path).upper()
        mistakes = [each for each in mistakes if each.variable in everybodys or each.variable.startswith(ours)]
    notes = [*gathered.notes, *([_AFTERWARDS] if gathered.unread else ())]
    told = tuple(mistakes), tuple(warnings), tuple(notes)
    return Reading(settings, *told, places, readable, names, frozenset(gathered.hidden), is_whole=not gathered.unread)


def load(
    kind: type[SettingsT],
    environment: Mapping[str, str],
    *,
    prefix: str = "THREADLY_",
    aliases: Mapping[str, str] = _NOTHING,
    part_of: type[Section] | None = None,
) -> SettingsT:
    """The settings that the environment, and what it names, describe.

    Args:
        prefix, aliases: As of `gather`.
        part_of: All settings, where `kind` is one section of them.

    Raises:
        ConfigurationError: Something is missing, malformed or unknown.
    """
    reading = validate(kind, gather(part_of or kind, environment, prefix=prefix, aliases=aliases))
    del environment  # what a traceback shows of this frame holds no value
    return reading.usable()


def _validated(
    kind: type[SettingsT], path: tuple[str, ...], gathered: Gathered
) -> tuple[SettingsT | None, list[Mistake]]:
    within = gathered.names.prefix + "".join(f"{part.upper()}{NESTED}" for part in path)
    is_whole = not any(name.startswith(within) for name in gathered.hidden)
    try:
        settings = kind.model_validate(gathered.nested(path))
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False)
        for error in errors:
            given, error["input"] = error["input"], None
            # The words of a validator that is not ours may quote it.
            if isinstance(given, str) and len(given) >= _QUOTED and given in error["msg"]:
                error["msg"] = "cannot be read"
            error["loc"] = (*path, *error["loc"])
        return None, wording.mistakes(errors, gathered)
    except Exception as fault:  # noqa: BLE001  of a validator, whose traceback would hold the value
        return None, [Mistake(f"The configuration cannot be read: {place_of(fault)}.")]
    return settings if is_whole else None, []


def _able(rules: Sequence[Rule[SettingsT]], readable: Mapping[str, Any]) -> list[Rule[SettingsT]]:
    """The rules that look only at what could be read; of those that look at each by itself, at any of it."""
    return [rule for rule in rules if (any if rule.each else all)(name in readable for name in rule.reads)]


def _profile(names: Names, readable: Mapping[str, Any]) -> Profile:
    """What it is for; production, where nobody knows."""
    found = readable.get(names.profile)
    return found if isinstance(found, Profile) else Profile.PRODUCTION
