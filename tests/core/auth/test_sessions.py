"""Sessions: who shows a token is its owner until it ends, by whichever end comes first."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import asyncpg
import pytest
import time_machine
from sqlalchemy import select

from tests.conftest import CountStatements
from threadly.core.auth import AuthSettings, Issued, sessions
from threadly.core.auth.sessions import MOST_SESSIONS, Session
from threadly.core.database import Database

SETTINGS = AuthSettings()
TIMES = "created_at, last_seen_at, expires_at"
THEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
async def issued(db: Database) -> Issued:
    """A session that began at a certain moment."""
    with time_machine.travel(THEN, tick=False):
        return await db.run(sessions.issue, uuid4(), settings=SETTINGS, user_agent="Firefox\non Linux")


async def _row(db: Database, id: UUID) -> Session | None:
    async with db.read() as read:
        found = (await read.execute(select(Session.__table__).where(Session.id == id))).first()
    return None if found is None else Session(**found._mapping)


async def test_a_token_is_256_random_bits_of_which_only_a_digest_is_kept(db: Database, issued: Issued) -> None:
    assert len(base64.urlsafe_b64decode(issued.token + "=")) * 8 == 256
    row = await _row(db, issued.actor.session_id)
    assert row is not None
    assert row.token_sha256 == sha256(issued.token.encode()).digest()
    assert row.user_agent == "Firefoxon Linux"
    assert (await db.run(sessions.issue, uuid4(), settings=SETTINGS)).token != issued.token


async def test_who_shows_the_token_is_recognised_in_one_statement(
    db: Database, issued: Issued, count_statements: CountStatements
) -> None:
    with time_machine.travel(THEN + timedelta(minutes=59), tick=False):
        assert await sessions.recognised(db, issued.token, settings=SETTINGS) == issued.actor
        assert await count_statements(db, sessions.recognised(db, issued.token, settings=SETTINGS)) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda token: "",
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "E"),
        lambda token: token.swapcase(),
        lambda token: token + "\n",
        lambda token: "é" * 43,
        lambda token: "a" * 60_000,
    ],
)
async def test_any_other_token_is_nobodys(db: Database, issued: Issued, change: Callable[[str], str]) -> None:
    with time_machine.travel(THEN, tick=False):
        assert await sessions.recognised(db, change(issued.token), settings=SETTINGS) is None


async def test_that_it_was_used_is_written_down_once_an_hour(
    db: Database, issued: Issued, count_statements: CountStatements
) -> None:
    id = issued.actor.session_id
    with time_machine.travel(THEN + timedelta(minutes=59), tick=False):
        await sessions.recognised(db, issued.token, settings=SETTINGS)
    row = await _row(db, id)
    assert row is not None
    assert row.last_seen_at == THEN

    with time_machine.travel(THEN + timedelta(minutes=60), tick=False):
        await sessions.recognised(db, issued.token, settings=SETTINGS)
        assert await count_statements(db, sessions.recognised(db, issued.token, settings=SETTINGS)) == 1
    row = await _row(db, id)
    assert row is not None
    assert row.last_seen_at == THEN + timedelta(hours=1)
    assert row.expires_at == THEN + timedelta(hours=1) + SETTINGS.session_idle


async def test_who_is_active_stays_signed_in_however_soon_idle_sessions_end(db: Database) -> None:
    short = AuthSettings(session_idle=timedelta(minutes=5))
    with time_machine.travel(THEN, tick=False):
        issued = await db.run(sessions.issue, uuid4(), settings=short)
    for minutes in range(4, 120, 4):
        with time_machine.travel(THEN + timedelta(minutes=minutes), tick=False):
            assert await sessions.recognised(db, issued.token, settings=short) == issued.actor
    with time_machine.travel(THEN + timedelta(minutes=116 + 5), tick=False):
        assert await sessions.recognised(db, issued.token, settings=short) is None


@pytest.mark.parametrize(("case", "late", "good"), [("just in time", -1, True), ("at its end", 0, False)])
async def test_a_session_that_nobody_uses_ends(db: Database, issued: Issued, case: str, late: int, good: bool) -> None:
    with time_machine.travel(THEN + SETTINGS.session_idle + timedelta(seconds=late), tick=False):
        found = await sessions.recognised(db, issued.token, settings=SETTINGS)
    assert (found is not None) is good


async def test_a_session_ends_however_much_it_is_used(db: Database, issued: Issued) -> None:
    for day in range(1, SETTINGS.session_longest.days):
        if day % 20 == 0:
            with time_machine.travel(THEN + timedelta(days=day), tick=False):
                assert await sessions.recognised(db, issued.token, settings=SETTINGS) is not None
    with time_machine.travel(THEN + SETTINGS.session_longest - timedelta(seconds=1), tick=False):
        assert await sessions.recognised(db, issued.token, settings=SETTINGS) is not None
    with time_machine.travel(THEN + SETTINGS.session_longest, tick=False):
        assert await sessions.recognised(db, issued.token, settings=SETTINGS) is None


async def test_nobody_ends_anothers_session(db: Database, issued: Issued) -> None:
    assert not await db.run(sessions.end, uuid4(), issued.actor.session_id)
    assert await _row(db, issued.actor.session_id) is not None
    assert await db.run(sessions.end, issued.actor.id, issued.actor.session_id)
    assert not await db.run(sessions.end, issued.actor.id, issued.actor.session_id)


async def test_all_but_ones_own_are_ended_at_once(db: Database) -> None:
    mine, somebody = uuid4(), uuid4()
    here, there, elsewhere, others = [
        await db.run(sessions.issue, who, settings=SETTINGS) for who in (mine, mine, mine, somebody)
    ]
    assert await db.run(sessions.end_others, here.actor) == 2
    for issued, good in ((here, True), (there, False), (elsewhere, False), (others, True)):
        assert (await sessions.recognised(db, issued.token, settings=SETTINGS) is not None) is good


async def test_ones_sessions_are_listed_the_one_used_last_first(db: Database) -> None:
    mine = uuid4()
    for hours, name in ((0, "desk"), (5, "phone"), (2, "tablet")):
        with time_machine.travel(THEN + timedelta(hours=hours), tick=False):
            await db.run(sessions.issue, mine, settings=SETTINGS, user_agent=name)
    await db.run(sessions.issue, uuid4(), settings=SETTINGS)

    for late, named in ((0, ["phone", "tablet", "desk"]), (3, ["phone"]), (6, [])):
        with time_machine.travel(THEN + SETTINGS.session_idle + timedelta(hours=late - 1), tick=False):
            async with db.read() as read:
                assert [shown.user_agent for shown in await sessions.of(read, mine)] == named


async def test_of_very_many_sessions_the_latest_are_listed(db: Database) -> None:
    mine = uuid4()
    for minutes in range(MOST_SESSIONS + 1):
        with time_machine.travel(THEN + timedelta(minutes=minutes), tick=False):
            await db.run(sessions.issue, mine, settings=SETTINGS, user_agent=str(minutes))
    with time_machine.travel(THEN + timedelta(hours=2), tick=False):
        async with db.read() as read:
            listed = [shown.user_agent for shown in await sessions.of(read, mine)]
    assert listed == [str(minutes) for minutes in range(MOST_SESSIONS, 0, -1)]


@pytest.mark.parametrize(
    ("constraint", "statement"),
    [
        ("ck_sessions_token_sha256_length", "update sessions set token_sha256 = '\\x00'"),
        ("ck_sessions_user_agent_length", "update sessions set user_agent = repeat('x', 201)"),
        ("ck_sessions_times_in_order", "update sessions set expires_at = created_at"),
        ("ck_sessions_times_in_order", "update sessions set last_seen_at = created_at - interval '1 second'"),
        (
            "uq_sessions_token_sha256",
            f"insert into sessions select gen_random_uuid(), actor_id, token_sha256, '', {TIMES} from sessions",
        ),
    ],
)
async def test_what_must_not_be_in_the_table_cannot_be_put_there(
    db: Database, database_url: str, issued: Issued, constraint: str, statement: str
) -> None:
    connection = await asyncpg.connect(database_url)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refusal:
        await connection.execute(statement)
    await connection.close()
    assert refusal.value.constraint_name == constraint
