"""The queue's states, each change one statement, all by PostgreSQL's clock.

    outbox ─ relay → due ─ claim → running ─ finish → gone
                      ↑               │
                      ├── release, fail, lapse of the lease
                      └─ revive ─ dead ← fail for good

Guaranteed: a job is with one worker at a time while that worker renews its lease; a worker that has lost the lease
changes nothing any more, since every change names the job, the worker and the attempt.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from threadly.core.database.errors import constraint_of, sqlstate_of
from threadly.core.database.sessions import Tx

_RELAY_LOCK: Final = 0x6F75_7462_6F78  # "outbox"
UNHEARD_FOR: Final = timedelta(minutes=5)
"""An event of which no subscriber is known waits for so long, and then is told to nobody."""
DECLARED_FOR: Final = timedelta(minutes=10)
"""A subscriber that no worker has declared for so long is told of nothing more, as it is after a release without it."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that a worker holds."""

    id: int
    name: str
    payload: str
    """JSON."""
    key: str | None
    attempt: int
    created_at: datetime
    traceparent: str | None
    """The span of whoever asked for it (W3C)."""


@dataclass(frozen=True, slots=True)
class Failure:
    """How an attempt failed: a short code, never a message, which might hold a secret; None for `wait`: for good."""

    id: int
    attempt: int
    error: str
    wait: timedelta | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A message that PostgreSQL does not let become a job: it was put aside, and stays in the outbox."""

    position: int
    name: str
    refusal: str
    """PostgreSQL's code, and the constraint if it was one; not its message, which may hold the payload."""


@dataclass(frozen=True, slots=True)
class Relayed:
    """What one relay has handed on."""

    messages: int
    """Those put aside included."""
    jobs: int
    unheard: Mapping[str, int]
    """Events that nobody has subscribed to, by name."""
    refused: Sequence[Refused] = field(default=())


# One relay at a time, for the order of a key's events: two would commit their batches in any order. The lock is let go
# after the commit is visible, so the next one's jobs get higher numbers, and are seen later.
# Subscribers are those that we know and those that others have declared. An event of which neither knows any waits a
# while for a worker that does.
_KNOWN: Final = """
    known AS MATERIALIZED (
        SELECT event, subscriber
        FROM unnest(CAST(:events AS text[]), CAST(:subscribers AS text[])) AS own (event, subscriber)
        UNION SELECT event, handler FROM subscribers WHERE declared_at > now() - CAST(:declared_for AS interval)
    )
"""
_GOES: Final = """
    refusal IS NULL AND (
        kind = 'job' OR created_at <= now() - CAST(:unheard_for AS interval) OR name IN (SELECT event FROM known)
    )
"""
_RELAY: Final = """
    WITH turn AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(:lock) AS mine),
    {known},
    next AS MATERIALIZED (
        {next}
    ),
    taken AS (DELETE FROM outbox USING next WHERE outbox.position = next.position RETURNING outbox.*),
    told AS (
        SELECT taken.*, CASE kind WHEN 'job' THEN name ELSE subscriber END AS handler
        FROM taken LEFT JOIN known ON kind = 'event' AND event = name
    ),
    made AS (
        INSERT INTO jobs (name, payload, key, created_at, due_at, traceparent)
        SELECT handler, payload, key, created_at, created_at + delay, traceparent FROM told
        WHERE handler IS NOT NULL ORDER BY position, handler
    )
    SELECT name, count(DISTINCT position), count(handler) FROM told GROUP BY name
"""
_BATCH: Final = text(
    _RELAY.format(
        known=_KNOWN,
        next=f"SELECT position FROM outbox WHERE {_GOES} AND (SELECT mine FROM turn) "  # noqa: S608 - a constant
        "ORDER BY position LIMIT :most FOR UPDATE SKIP LOCKED",
    )
)
_ONE: Final = text(
    _RELAY.format(known=_KNOWN, next="SELECT CAST(:position AS bigint) AS position FROM turn WHERE mine")
)
_TURN: Final = text("SELECT pg_try_advisory_xact_lock(:lock)")
_WAITING: Final = text(f"""
    WITH {_KNOWN}
    SELECT position, name FROM outbox WHERE {_GOES} ORDER BY position LIMIT :most FOR UPDATE SKIP LOCKED
""")  # noqa: S608 - constants
_DECLARE: Final = text("""
    INSERT INTO subscribers (event, handler)
    SELECT event, handler FROM unnest(CAST(:events AS text[]), CAST(:subscribers AS text[])) AS own (event, handler)
    ORDER BY event, handler
    ON CONFLICT (event, handler) DO UPDATE SET declared_at = excluded.declared_at
""")
_PUT_ASIDE: Final = text("UPDATE outbox SET refusal = :refusal WHERE position = :position")
_OF_THE_ROW: Final = ("21", "22", "23", "44", "54", "P0")
"""How PostgreSQL's codes begin when they are about values: cardinality, data, constraints, limits, a trigger's word."""

# Those that have been due for longest are looked at first. Where too many of these wait behind others of their key, the
# rest of them is not walked, however long it is: the head of each line is found by one step in the index, and what
# stands in no line by an index of its own.
_CLAIM: Final = text("""
    WITH RECURSIVE near AS MATERIALIZED (
        SELECT jobs.id FROM (
            SELECT id, due_at FROM jobs
            WHERE dead_at IS NULL AND due_at <= now() AND name = ANY(CAST(:names AS text[]))
            ORDER BY due_at, id LIMIT :looked
        ) AS first JOIN jobs ON jobs.id = first.id
        WHERE dead_at IS NULL AND jobs.due_at <= now() AND (key IS NULL OR NOT EXISTS (
            SELECT FROM jobs AS earlier
            WHERE earlier.name = jobs.name AND earlier.key = jobs.key AND earlier.id < jobs.id
            AND earlier.dead_at IS NULL AND earlier.key IS NOT NULL
        ))
        ORDER BY first.due_at, first.id LIMIT :most FOR UPDATE OF jobs SKIP LOCKED
    ),
    crowd AS MATERIALIZED (
        SELECT :most - (SELECT count(*) FROM near) AS room
        WHERE (SELECT count(*) FROM near) < :most AND :looked <= (
            SELECT count(*) FROM (
                SELECT FROM jobs WHERE dead_at IS NULL AND due_at <= now() AND name = ANY(CAST(:names AS text[]))
                ORDER BY due_at, id LIMIT :looked
            ) AS first
        )
    ),
    heads (name, key, id) AS (
        (
            SELECT jobs.name, jobs.key, jobs.id FROM jobs
            WHERE dead_at IS NULL AND key IS NOT NULL AND EXISTS (SELECT FROM crowd) ORDER BY name, key, id LIMIT 1
        )
        UNION ALL
        SELECT next.* FROM heads, LATERAL (
            SELECT name, key, id FROM jobs
            WHERE dead_at IS NULL AND key IS NOT NULL AND (name, key) > (heads.name, heads.key)
            ORDER BY name, key, id LIMIT 1
        ) AS next
    ),
    far AS MATERIALIZED (
        SELECT jobs.id FROM (
            SELECT id FROM heads WHERE name = ANY(CAST(:names AS text[]))
            UNION ALL
            (
                SELECT id FROM jobs
                WHERE dead_at IS NULL AND key IS NULL AND due_at <= now() AND name = ANY(CAST(:names AS text[]))
                AND EXISTS (SELECT FROM crowd) ORDER BY due_at, id LIMIT :looked
            )
        ) AS others JOIN jobs ON jobs.id = others.id
        WHERE dead_at IS NULL AND due_at <= now() AND jobs.id NOT IN (SELECT id FROM near)
        ORDER BY due_at, id LIMIT coalesce((SELECT room FROM crowd), 0) FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE jobs SET worker = :worker, attempts = attempts + 1, due_at = now() + :lease
    FROM (SELECT id FROM near UNION ALL SELECT id FROM far) AS due WHERE jobs.id = due.id
    RETURNING jobs.id, name, CAST(payload AS text), key, attempts, created_at, traceparent
""")
_LOOKED: Final = 200

_HELD: Final = """
    unnest(CAST(:ids AS bigint[]), CAST(:attempts AS int[])) AS held (id, attempt)
    WHERE jobs.id = held.id AND jobs.attempts = held.attempt AND jobs.worker = :worker
"""
_FINISH: Final = text(f"DELETE FROM jobs USING {_HELD}")  # noqa: S608 - constants, here and below
_RENEW: Final = text(f"UPDATE jobs SET due_at = now() + :lease FROM {_HELD} RETURNING held.id, held.attempt")  # noqa: S608 - as above
_RELEASE: Final = text(f"UPDATE jobs SET worker = NULL, attempts = attempts - 1, due_at = now() FROM {_HELD}")  # noqa: S608 - as above
_FAIL: Final = text("""
    UPDATE jobs SET worker = NULL, last_error = error, due_at = now() + coalesce(wait, '0'),
        dead_at = CASE WHEN wait IS NULL THEN now() END
    FROM unnest(CAST(:ids AS bigint[]), CAST(:attempts AS int[]), CAST(:errors AS text[]), CAST(:waits AS interval[]))
        AS failed (id, attempt, error, wait)
    WHERE jobs.id = failed.id AND jobs.attempts = failed.attempt AND jobs.worker = :worker
""")
_WAKE: Final = text("SELECT pg_notify('outbox', '')")


async def declare(tx: Tx, subscribers: Mapping[str, Sequence[str]]) -> None:
    """Has whoever relays tell these subscribers too, for `DECLARED_FOR`."""
    await tx.execute(_DECLARE, _pairs(subscribers))


async def relay(tx: Tx, *, subscribers: Mapping[str, Sequence[str]], most: int = 500) -> Relayed:
    """Makes a job of each message for each handler, up to so many messages, in their order; nothing if another does.

    Subscribers are these, and those that others have declared. Events without any are left for `UNHEARD_FOR`.

    Raises:
        DBAPIError: PostgreSQL refused, and nothing was handed on; `is_of_a_row` tells whether `relay_singly` helps.
    """
    return _relayed(await tx.execute(_BATCH, _routes(subscribers) | {"most": most}))


async def relay_singly(tx: Tx, *, subscribers: Mapping[str, Sequence[str]], most: int = 500) -> Relayed:
    """As `relay`, with a savepoint for each message: those that PostgreSQL refuses are put aside, the others pass."""
    if not await tx.scalar(_TURN, {"lock": _RELAY_LOCK}):
        return Relayed(0, 0, {})
    told: list[Sequence[Any]] = []
    refused: list[Refused] = []
    routes = _routes(subscribers)
    for position, name in (await tx.execute(_WAITING, routes | {"most": most})).all():
        try:
            async with tx.begin_nested():
                told += await tx.execute(_ONE, routes | {"position": position})
        except DBAPIError as refusal:
            if not is_of_a_row(refusal):
                raise
            refused.append(Refused(position, name, _code(refusal)))
            await tx.execute(_PUT_ASIDE, {"position": position, "refusal": refused[-1].refusal})
    return _relayed(told, refused)


def is_of_a_row(refusal: DBAPIError) -> bool:
    """Whether PostgreSQL refused because of a row's values, and not of the statement, or for want of anything."""
    return str(sqlstate_of(refusal)).startswith(_OF_THE_ROW)


async def claim(tx: Tx, *, worker: str, names: Sequence[str], lease: timedelta, most: int) -> list[Claimed]:
    """Takes up to so many due jobs, those that have been due for longest first, and counts the attempt.

    Where hundreds wait behind others of their key, what may go passes them. The time that this takes does not grow with
    the jobs of a key.
    """
    values = {"worker": worker, "names": list(names), "lease": lease, "most": most, "looked": _LOOKED + most}
    rows = await tx.execute(_CLAIM, values)
    return sorted((Claimed(*row) for row in rows), key=lambda job: job.id)


async def renew(tx: Tx, held: Sequence[Claimed], *, worker: str, lease: timedelta) -> list[Claimed]:
    """Keeps jobs for another lease; returns those that are not the worker's any more."""
    kept = {(id, attempt) for id, attempt in await tx.execute(_RENEW, _named(held, worker) | {"lease": lease})}
    return [job for job in held if (job.id, job.attempt) not in kept]


async def finish(tx: Tx, held: Sequence[Claimed], *, worker: str) -> None:
    """Forgets jobs that are done."""
    await tx.execute(_FINISH, _named(held, worker))


async def release(tx: Tx, held: Sequence[Claimed], *, worker: str) -> None:
    """Gives jobs back as if they had never been taken, and wakes who may take them."""
    await tx.execute(_RELEASE, _named(held, worker))
    await tx.execute(_WAKE)


async def fail(tx: Tx, failures: Sequence[Failure], *, worker: str) -> None:
    """Has jobs tried again later, or buries them."""
    await tx.execute(
        _FAIL,
        {
            "ids": [failure.id for failure in failures],
            "attempts": [failure.attempt for failure in failures],
            "errors": [failure.error[:200] for failure in failures],
            "waits": [failure.wait for failure in failures],
            "worker": worker,
        },
    )


async def wake(tx: Tx) -> None:
    """Has every worker look for jobs once this transaction has committed."""
    await tx.execute(_WAKE)


def _named(held: Sequence[Claimed], worker: str) -> dict[str, Any]:
    return {"ids": [job.id for job in held], "attempts": [job.attempt for job in held], "worker": worker}


def _routes(subscribers: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return _pairs(subscribers) | {"lock": _RELAY_LOCK, "declared_for": DECLARED_FOR, "unheard_for": UNHEARD_FOR}


def _pairs(subscribers: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    pairs = [(event, subscriber) for event, several in subscribers.items() for subscriber in several]
    return {"events": [event for event, _ in pairs], "subscribers": [subscriber for _, subscriber in pairs]}


def _relayed(told: Iterable[Sequence[Any]], refused: Sequence[Refused] = ()) -> Relayed:
    messages, jobs = Counter[str](), Counter[str]()
    for name, messages_of_name, jobs_of_name in told:
        messages[name] += messages_of_name
        jobs[name] += jobs_of_name
    return Relayed(
        messages=messages.total() + len(refused),
        jobs=jobs.total(),
        unheard={name: several for name, several in messages.items() if not jobs[name]},
        refused=refused,
    )


def _code(refusal: DBAPIError) -> str:
    return " ".join(filter(None, (sqlstate_of(refusal), constraint_of(refusal))))
