"""Which releases are connected: what goes must not go while one is that still uses it.

Sessions say which release they belong to, by their `application_name`: `shop/1.4.0 web`. A revision that takes
something away says which release does without it first, and is refused while an older one is connected:

    CONTRACTS = "1.4.0"

What takes a revision back knows no such release, and is refused while any is connected.

Not guaranteed: sessions that name no release, or come later, or are connected to a replica only, are not seen.
"""

import re
from collections.abc import Sequence
from types import ModuleType
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from threadly.core.database.migrating.errors import MigrationRefused

_NUMBERS: Final = re.compile(r"(\d+(?:\.\d+)*)(.*)")
_BEFORE_RELEASE: Final = re.compile(r"[-._]?(?:a|b|c|rc|alpha|beta|pre|dev)")
_CONNECTED: Final = text(
    "SELECT application_name, count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND starts_with(application_name, :prefix) GROUP BY 1 ORDER BY 1"
)


def session_name(product: str, release: str, process: str) -> str:
    """What sessions of a process call themselves."""
    return f"{product}/{release} {process}"


def first_without(revision: ModuleType) -> str | None:
    """The release that does without what this revision takes away; None if it takes nothing away."""
    found: str | None = getattr(revision, "CONTRACTS", None)
    return found


async def refuse_while_used(
    connection: AsyncConnection, product: str, revision: str, first: str, before: str = ""
) -> None:
    """Returns if nobody is connected who belongs to a release before `first`.

    Args:
        before: What has become of those before it, in a sentence.

    Raises:
        MigrationRefused: Somebody is; it says who.
    """
    older = [
        f"{name} ({count})" for name, count in await _connected(connection, product) if is_before(_release(name), first)
    ]
    if older:
        raise MigrationRefused(
            f"{revision} has not run: it takes away what releases before {first} use, and some are connected: "
            f"{', '.join(older)}. {before}Stop these, then run it again."
        )


async def refuse_while_connected(connection: AsyncConnection, product: str, revision: str) -> None:
    """Returns if nobody is connected who belongs to any release.

    Raises:
        MigrationRefused: Somebody is; it says who.
    """
    if found := [f"{name} ({count})" for name, count in await _connected(connection, product)]:
        raise MigrationRefused(
            f"{revision} was not taken back: what is connected may need it, and would fail: {', '.join(found)}. "
            "Stop the shop first, then run it again."
        )


def is_before(release: str, first: str) -> bool:
    """Whether a release is older than another. One that is no number is; so is 1.4.0rc1 than 1.4.0."""
    own, other = _NUMBERS.match(release), _NUMBERS.match(first)
    if own is None or other is None:
        return True
    numbers, others = _numbers(own[1]), _numbers(other[1])
    return numbers < others or (numbers == others and not other[2] and _BEFORE_RELEASE.match(own[2]) is not None)


async def _connected(connection: AsyncConnection, product: str) -> Sequence[tuple[str, int]]:
    found = (await connection.execute(_CONNECTED, {"prefix": f"{product}/"})).all()
    await connection.commit()
    return [(str(name), int(count)) for name, count in found]


def _release(name: str) -> str:
    return name.partition("/")[2].partition(" ")[0]


def _numbers(release: str) -> list[int]:
    numbers = [int(number) for number in release.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return numbers
