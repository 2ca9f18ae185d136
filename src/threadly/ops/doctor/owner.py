"""Whether the role that migrates is let in, at the same database, and could migrate; and why a role is not let in."""

import socket
from typing import Final

import asyncpg

from threadly.core.config import Secret
from threadly.core.database import driver_url
from threadly.core.database.ownership import OWNERSHIP, Ownership, of_row
from threadly.core.database.primary import Primary
from threadly.ops.doctor.findings import HANGS, Findings
from threadly.tables import TABLES

PATIENCE_SECONDS: Final = 0.8
UNREACHED: Final = (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError)
_EXPECTED: Final = "the role that owns the tables, at the database that is served"


def why_not(refusal: Exception) -> tuple[str, str]:
    """What was seen, and what to do, where no connection came of it."""
    told = {
        asyncpg.InvalidPasswordError: ("it does not take the password", "Put in the right one."),
        asyncpg.InvalidCatalogNameError: ("it has no such database", "Name another, or create it."),
        asyncpg.TooManyConnectionsError: ("it has no connection left", "See who has them: pg_stat_activity."),
        TimeoutError: (f"no answer in {PATIENCE_SECONDS:g} s", HANGS),
        ConnectionRefusedError: ("nobody listens there", "See whether it runs, and at that port."),
        FileNotFoundError: ("there is no such socket", "See whether it runs, and in which folder its socket is."),
        socket.gaierror: ("no such host", "See how it is called, and whether names are resolved here."),
    }
    return next(
        (words for kind, words in told.items() if isinstance(refusal, kind)),
        (type(refusal).__name__, "See whether it runs there."),
    )


async def judge_owner(url: Secret, serving: Ownership, found: Findings) -> None:
    """Of THREADLY_DATABASE__OWNER_URL, which nothing needs that serves: it warns."""
    try:
        connection = await Primary(driver_url(url.get_secret_value())).connect(
            timeout=PATIENCE_SECONDS, server_settings={"application_name": "threadly doctor"}
        )
    except UNREACHED as refusal:
        seen, do = why_not(refusal)
        do = f"{do} THREADLY_DATABASE__OWNER_URL says where it is: docs/guide/operations.md"
        found.judge("owner", seen, expected=_EXPECTED, do=do, is_good=False, warns=True)
        return
    try:
        owner = of_row(await connection.fetchrow(OWNERSHIP.format(tables="$1::text[]"), TABLES))
    finally:
        connection.terminate()
    wrong = _what_is_wrong(owner, serving)
    seen, do = wrong or (f"{owner.role} may migrate", "")
    found.judge("owner", seen, expected=_EXPECTED, do=do, is_good=wrong is None, warns=True)


def _what_is_wrong(owner: Ownership, serving: Ownership) -> tuple[str, str] | None:
    """And what to do about it."""
    if owner.place != serving.place:
        same = "of the same name, at another server" if owner.database == serving.database else owner.database
        return (
            f"it leads to another database than THREADLY_DATABASE__URL: {same}",
            "Let THREADLY_DATABASE__OWNER_URL and THREADLY_DATABASE__URL name the same server and database.",
        )
    if owner.owners_of_others:
        others = sorted(set(owner.owners_of_others))
        return (
            f"{len(owner.owners_of_others)} tables belong to {' and '.join(others)}, and not to {owner.role}",
            f"As an administrator, in psql, connected to {owner.database}: "
            + " ".join(f"REASSIGN OWNED BY {other} TO {owner.role};" for other in others),
        )
    if not owner.may_migrate:
        return (
            f"{owner.role} may make no tables in {owner.database}",
            f"As an administrator: ALTER DATABASE {owner.database} OWNER TO {owner.role};",
        )
    return None
