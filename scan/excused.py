"""scan/excused.toml: what is let off, and why. An entry without a reason is refused."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("excused.toml")


@dataclass(frozen=True)
class Excuse:
    """One thing that is let off.

    Args:
        what: A rule of bandit, the SHA-256 of a secret, an advisory's id, or a package.
        place: The folder or file that it is about; "" for everywhere.
        licence: Of a package: what its licence is, as an SPDX expression.
        until: The day from which it counts no more.
    """

    what: str
    reason: str
    place: str = ""
    licence: str = ""
    until: date | None = None

    def covers(self, path: str) -> bool:
        """Whether the path is the place, or inside it."""
        return path == self.place or not self.place or (self.place.endswith("/") and path.startswith(self.place))


class ReasonMissingError(ValueError):
    """An entry of excused.toml does not say why, or says something that is not understood."""


@dataclass(frozen=True)
class Excuses:
    """All of them, by the check that they are about."""

    code: tuple[Excuse, ...] = ()
    leaks: tuple[Excuse, ...] = ()
    advisories: tuple[Excuse, ...] = ()
    licences: tuple[Excuse, ...] = ()
    allowed: frozenset[str] = frozenset()
    """SPDX identifiers of the licences that anything may have."""


def read(file: Path = FILE) -> Excuses:
    """What the file says.

    Raises:
        ReasonMissingError: An entry has no reason, or an accepted advisory no last day.
    """
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    found = Excuses(
        code=tuple(_entries(table, "code", "rule")),
        leaks=tuple(_entries(table, "leaks", "sha256")),
        advisories=tuple(_entries(table, "advisories", "id")),
        licences=tuple(_entries(table, "licences", "package")),
        allowed=frozenset(table.get("allowed-licences", ())),
    )
    if any(excuse.until is None for excuse in found.advisories):
        raise ReasonMissingError(f"{file.name}: an advisory is accepted for a time, so it needs `until`")
    return found


def _entries(table: Mapping[str, list[dict[str, object]]], kind: str, key: str) -> Iterator[Excuse]:
    for entry in table.get(kind, []):
        until = entry.get("until")
        if not entry.get(key) or not str(entry.get("reason", "")).strip():
            raise ReasonMissingError(f"[[{kind}]] {entry}: needs `{key}` and `reason`")
        yield Excuse(
            what=str(entry[key]),
            reason=str(entry["reason"]),
            place=str(entry.get("place", "")),
            licence=str(entry.get("licence", "")),
            until=until if isinstance(until, date) else None,
        )
