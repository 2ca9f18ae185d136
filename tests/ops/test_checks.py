"""What Threadly looks at: found well, found wrong, and said in words for an operator."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from habits.tree import ROOT
from tests.conftest import database_settings
from tests.core.database.jobs import shop
from tests.core.database.jobs.shop import Greet
from tests.core.database.replicas.lamps import Lamps, lamps, pair
from tests.core.database.rotating import Role, role
from tests.integrations.storage.conftest import bucket_settings, s3
from threadly.core.database import Database, DatabaseUnavailable
from threadly.core.errors import Unavailable
from threadly.core.observability.health import Check, Reading, Status, Unhealthy
from threadly.core.security.limits import Asked, Limit, Limiter, ValkeyStore
from threadly.integrations import storage
from threadly.marketplace.media import PicturesUnstorable
from threadly.ops import checks
from threadly.ops.revisions import Revisions, revisions
from threadly.wiring import Services

__all__ = ["lamps", "pair", "role", "s3"]  # a fixture lives where it is imported


async def seen(look: Awaitable[Reading | None]) -> tuple[str, str]:
    """The status, and what is wrong."""
    try:
        reading = await look
    except Unhealthy as reason:
        return "unhealthy", str(reason)
    return ("pass", "") if reading is None else (reading.status, reading.output or "")


def all_checks(installed: Services) -> list[Check]:
    return checks.checks(installed, installed.db)


async def test_a_shop_that_is_well_is_found_so(installed: Services, settings: object) -> None:
    folder = installed.settings.media.folder
    assert folder is not None
    folder.mkdir()
    await shop.change(installed.db, "INSERT INTO schedules VALUES ('refresh_trends', now() + interval '1 minute')")
    found = {check.name: await seen(check.look()) for check in all_checks(installed) if check.component != "disk"}
    assert {name: status for name, (status, _) in found.items() if name != "media:freeSpace"} == {
        "database:responseTime": "pass",
        "database:credentials": "pass",
        "database:migrations": "pass",
        "database:poolUtilization": "pass",
        "jobs:lateness": "pass",
        "jobs:dead": "pass",
        "jobs:workers": "pass",
        "valkey:responseTime": "pass",
        "limits:sharing": "pass",
        "security:events": "pass",
        "media:systemCalls": "pass",
        "media:writable": "pass",
        "eventLoop:lag": found["eventLoop:lag"][0],
    }


async def test_a_worker_that_counts_limits_by_itself_says_so_and_why() -> None:
    gone = Redis.from_url("unix:///nonexistent/none.sock")
    limiter = Limiter(ValkeyStore(gone), workers=1)
    look = checks.limits_are_shared(limiter)
    assert await seen(look()) == ("pass", "")
    await limiter.spend(Asked(Limit("auth", 10), "a"))
    status, told = await seen(look())
    assert status == "warn"
    assert told.startswith("This worker counts limits by itself")
    await gone.aclose()


async def test_a_replica_that_is_not_read_from_is_told_with_the_reason_and_the_primary_is_no_trouble(
    lamps: Lamps,
) -> None:
    look = checks.is_read_from(lamps.replica)
    assert await seen(look()) == ("pass", "")
    lamps.replica.doubt("a test says so")
    assert await seen(look()) == ("warn", "The primary answers for replica1: a test says so.")
    lamps.replica.is_primary = True
    assert await seen(look()) == ("pass", "")


def test_nothing_is_asked_more_than_once_a_second(installed: Services) -> None:
    a_second: dict[str, float] = defaultdict(float)
    for check in all_checks(installed):
        if check.name != "database:poolUtilization":  # asks ourselves
            a_second["database" if check.component == "jobs" else check.component] += 1 / (
                min(check.every_seconds, 4.0) if check.is_required else check.every_seconds  # 4 s, while it is not well
            )
    assert {name: rate for name, rate in a_second.items() if rate > 1} == {}


def test_only_the_database_keeps_us_from_serving(installed: Services) -> None:
    required = {check.name for check in all_checks(installed) if check.is_required}
    assert required == {"database:responseTime", "database:migrations"}


def test_each_component_has_a_page_for_the_night(installed: Services) -> None:
    for component in {*(check.component for check in all_checks(installed)), "workers"}:
        page = (ROOT / f"docs/runbooks/{component}.md").read_text(encoding="utf-8")
        for part in ("## What it means", "## See more", "## What to do"):
            assert part in page, f"{component}: {part}"
        for check in all_checks(installed):
            assert check.component != component or f"`{check.name}`" in page, check.name


async def test_a_schema_of_an_older_release_is_told_with_what_to_do(db: Database) -> None:
    here = revisions()
    later = Revisions("9999", here.known | {"9999"})
    assert await seen(checks.at_release(db, later)()) == (
        "unhealthy",
        f"The schema is at {here.newest}, and this release needs 9999: threadly db upgrade.",
    )


async def test_a_schema_of_a_newer_release_lets_this_one_go_on(db: Database, owner: Database) -> None:
    await shop.change(owner, "UPDATE alembic_version SET version_num = '9999'")
    assert await seen(checks.at_release(db, revisions())()) == (
        "warn",
        f"The schema is at 9999, of a newer release than this one, which knows {revisions().newest}.",
    )


async def test_a_pool_that_is_used_up_is_a_warning(db: Database) -> None:
    answers = checks.Answers(db)
    look = checks.pool_has_room(db, answers)
    assert await seen(look()) == ("pass", "")
    held = [await db.engine.connect() for _ in range(5)]
    assert await seen(look()) == ("warn", "5 of 5 connections are in use: requests wait for one.")
    assert (await look()).is_answer
    for connection in held:
        await connection.close()


async def test_a_pool_that_is_used_up_while_the_database_is_gone_is_no_verdict(db: Database) -> None:
    gone = Database(database_settings("postgresql://shop@127.0.0.1:1/shop"), application_name="test")
    answers = checks.Answers(gone)
    look = checks.pool_has_room(db, answers)
    held = [await db.engine.connect() for _ in range(5)]
    with pytest.raises(Unavailable):
        await answers()
    assert not (await look()).is_answer
    for connection in held:
        await connection.close()
    assert (await look()).is_answer, "it has room"
    await gone.close()


async def test_jobs_that_wait_too_long_or_are_dead_are_counted(db: Database) -> None:
    await shop.enqueue(db, Greet(number=1))
    late = (
        "INSERT INTO jobs (name, payload, created_at, due_at) VALUES ('greet', '{}', now(), now() - interval '5 min')"
    )
    await shop.change(db, late)
    status, told = await seen(checks.jobs_are_on_time(db)())
    assert status == Status.WARN
    assert told.startswith("1 jobs wait, the first for 30")
    assert await seen(checks.no_job_is_dead(db)()) == ("pass", "")

    await shop.change(db, "UPDATE jobs SET dead_at = now(), last_error = 'timeout'")
    assert await seen(checks.no_job_is_dead(db)()) == (
        "warn",
        "1 jobs have failed for good; 0 messages were refused.",
    )
    assert await seen(checks.jobs_are_on_time(db)()) == ("pass", "")


async def test_a_password_that_was_changed_is_told_from_a_database_that_is_gone_without_the_secret(
    role: Role,
) -> None:
    db = Database(database_settings(role.url), application_name="test")
    answers, lets_in = checks.Answers(db), checks.lets_us_in(db)
    await answers()
    assert await seen(lets_in()) == ("pass", "")
    await role.change_password()

    await answers()  # by the connection that is there
    status, told = await seen(lets_in())
    refused = "PostgreSQL answers, and does not let us in: it refuses the role or password (28P01). "
    assert (status, told.startswith(refused)) == ("warn", True)
    db.lender.note_loss()  # as after a restart of the server
    status, output = await seen(answers())
    assert (status, output) == ("unhealthy", f"{refused}See THREADLY_DATABASE__URL.")
    assert not answers.has_come
    for said in (told, output):
        assert role.name not in said
        assert role.password not in said

    await role.change_password(back=True)
    await answers()
    assert await seen(lets_in()) == ("pass", "")
    await db.close()


async def test_a_database_that_is_gone_says_nothing_of_credentials() -> None:
    gone = Database(database_settings("postgresql://shop@127.0.0.1:1/shop"), application_name="test")
    with pytest.raises(Unavailable) as refused:
        await checks.lets_us_in(gone)()
    assert type(refused.value) is DatabaseUnavailable
    await gone.close()


async def test_that_nobody_works_is_seen_by_the_schedules(db: Database) -> None:
    assert await seen(checks.somebody_works(db)()) == ("unhealthy", "No worker has ever worked here: threadly work.")
    await shop.change(db, "INSERT INTO schedules VALUES ('refresh_trends', now() - interval '40 s')")
    status, told = await seen(checks.somebody_works(db)())
    assert status == Status.WARN
    assert told.startswith("No worker has kept the schedules for 40 s")


def test_a_folder_takes_files_or_is_said_not_to(tmp_path: Path) -> None:
    checks.folder_takes_files(tmp_path)
    checks.folder_takes_files(tmp_path / "not" / "yet")
    (tmp_path / "file").touch()
    with pytest.raises(Unhealthy, match="no folder"):
        checks.folder_takes_files(tmp_path / "file")
    with pytest.raises(Unhealthy, match=r"(cannot be made: No such file|not ours)"):
        checks.folder_takes_files(Path("/proc/no/media"))
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_what_is_no_disk_is_not_full() -> None:
    assert checks.free_space(Path("/proc/no/media")) == Reading("of no size")


@pytest.mark.parametrize(
    ("scarce", "full", "status"), [(0.0, 0.0, "pass"), (100.1, 0.0, "warn"), (100.1, 100.1, "fail")]
)
def test_a_disk_is_full_before_nothing_fits(
    scarce: float, full: float, status: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "SCARCE_PERCENT", scarce)
    monkeypatch.setattr(checks, "FULL_PERCENT", full)
    seen = checks.free_space(tmp_path / "not" / "yet")
    assert seen.status == status
    assert (seen.output is None) == (status == "pass")


async def test_a_bucket_that_is_there_answers_and_one_that_is_not_fails(s3: str) -> None:
    async with httpx.AsyncClient() as owner:
        (await owner.put(f"{s3}/pictures-of-health")).raise_for_status()
    store = storage.chosen(bucket_settings(s3, "pictures-of-health"))
    assert await asyncio.wait_for(seen(checks.bucket_answers(store)()), 10) == ("pass", "")
    with pytest.raises(PicturesUnstorable):
        await checks.bucket_answers(storage.chosen(bucket_settings(s3, "no-such-bucket")))()
