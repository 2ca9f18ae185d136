"""Replicas: does each answer, is it one, and how far is it behind."""

import asyncio
from typing import Final

import asyncpg

from threadly.core.config import Secret
from threadly.core.database import driver_url
from threadly.core.database.replicas.looking import PRIMARY, REFUSALS, REPLICA
from threadly.ops.doctor.findings import Findings
from threadly.settings import Settings

_PATIENCE_SECONDS: Final = 0.5


async def judge_replicas(end: int, settings: Settings, found: Findings) -> None:
    """Looks at all of them at once.

    Args:
        end: How long the primary's log is.
    """
    database = settings.database
    seen = await asyncio.gather(*map(_looked_at, database.replicas))
    for number, replica in enumerate(seen, start=1):
        if isinstance(replica, str):
            is_good, told = False, replica
        else:
            is_replica, behind = replica[0], max(end - replica[2], 0)
            is_good = is_replica and behind <= database.replica_lag_mib << 20
            told = f"{behind >> 20} MiB behind" if is_replica else "it is no replica, but a primary"
        found.judge(
            f"replica {number}",
            told,
            expected=f"a replica, {database.replica_lag_mib} MiB behind at most",
            do="The primary answers for it: docs/runbooks/database.md",
            is_good=is_good,
            warns=True,
        )


async def end_of_log(connection: asyncpg.Connection) -> int:
    """How long the log of this primary is."""
    return int((await connection.fetchrow(PRIMARY))[1])


async def _looked_at(url: Secret) -> tuple[bool, int, int] | str:
    try:
        connection = await asyncpg.connect(
            driver_url(url.get_secret_value()),
            timeout=_PATIENCE_SECONDS,
            server_settings={"application_name": "threadly doctor"},
        )
    except (*REFUSALS, ValueError) as refusal:
        return f"it lets nobody in ({type(refusal).__name__})"
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            is_replica, timeline, byte = await connection.fetchrow(REPLICA)
    except REFUSALS as refusal:
        return f"it does not answer ({type(refusal).__name__})"
    finally:
        connection.terminate()
    return is_replica, timeline, byte
