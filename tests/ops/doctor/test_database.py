"""What is seen of a PostgreSQL."""

import pytest
from sqlalchemy import text

from tests.core.database.holes import behind_a_black_hole
from tests.core.database.jobs import shop
from tests.ops.doctor.seeing import seen, wrong
from threadly.core.config import Profile, Secret
from threadly.core.database import Database, Tx
from threadly.ops.doctor import database
from threadly.settings import Settings


def at(settings: Settings, url: str) -> Settings:
    return settings.model_copy(update={"database": settings.database.model_copy(update={"url": Secret(url)})})


async def test_one_that_is_well_is_found_so(settings: Settings, db: Database) -> None:
    await shop.change(db, "INSERT INTO schedules VALUES ('refresh_trends', now() + interval '1 minute')")
    found = await seen(database.look, settings)
    assert wrong(found) == {}
    assert found.keys() == {
        "answers",
        "clock",
        "version",
        "locale",
        "connections",
        "migrations",
        "extensions",
        "job worker",
        "jobs",
        "audit log",
    }
    assert all(finding.expected for finding in found.values())


async def test_a_host_that_says_nothing_hides_no_other(settings: Settings, database_url: str) -> None:
    async with behind_a_black_hole(database_url) as url:
        found = await seen(database.look, at(settings, url))
    assert found["answers"].status == "pass"
    assert found["version"].status == "pass"


@pytest.mark.parametrize(("profile", "status"), [("production", "fail"), ("development", "warn")])
async def test_a_role_that_could_change_the_audit_log_is_said(
    settings: Settings, owner_url: str, profile: str, status: str
) -> None:
    own = at(settings, owner_url).model_copy(update={"profile": Profile(profile)})
    found = (await seen(database.look, own))["audit log"]
    assert found.status == status
    assert found.seen.startswith("the role that serves could change it: it owns it and ")
    assert found.do


async def test_one_without_a_table_is_told_what_to_run(settings: Settings, empty_database_url: str) -> None:
    found = await seen(database.look, at(settings, empty_database_url))
    assert wrong(found) == {"migrations": "at nothing", "extensions": "unaccent, pg_trgm, btree_gin missing"}
    assert found["migrations"].do == "threadly db upgrade"


async def test_a_schema_of_another_release_is_said(settings: Settings, owner: Database) -> None:
    async def age(tx: Tx) -> None:
        await tx.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    await owner.run(age)
    assert wrong(await seen(database.look, settings))["migrations"] == "at 0001"


async def test_jobs_that_nobody_does_are_said(settings: Settings, db: Database) -> None:
    assert wrong(await seen(database.look, settings)) == {"job worker": "none has ever run here"}
    await shop.change(db, "INSERT INTO schedules VALUES ('refresh_trends', now() - interval '90 s')")
    await shop.change(
        db,
        "INSERT INTO jobs (name, payload, created_at, due_at, dead_at, last_error) VALUES"
        " ('greet', '{}', now(), now() - interval '90 s', null, null), ('greet', '{}', now(), now(), now(), 'timeout')",
    )
    told = wrong(await seen(database.look, settings))
    assert told["job worker"].startswith("schedules were kept 9")
    assert told["jobs"].startswith("1 wait, the first 9")
    assert told["jobs"].endswith("1 are dead, 0 were refused")


async def test_a_message_that_could_not_become_a_job_is_said(settings: Settings, db: Database) -> None:
    await shop.change(db, "INSERT INTO schedules VALUES ('refresh_trends', now())")
    assert wrong(await seen(database.look, settings)) == {}
    await shop.change(db, "INSERT INTO outbox (kind, name, payload, refusal) VALUES ('job', 'greet', '{}', '23514')")
    assert wrong(await seen(database.look, settings)) == {
        "jobs": "0 wait, the first 0 s late; 0 are dead, 1 were refused"
    }


async def test_more_connections_than_the_server_has_are_foreseen(settings: Settings) -> None:
    greedy = settings.model_copy(update={"database": settings.database.model_copy(update={"pool_size": 900})})
    found = await seen(database.look, greedy)
    assert found["connections"].seen.startswith("we may ask for ")
    assert "max_connections" in found["connections"].do


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://u:topsecret@127.0.0.1:1/d", "nobody listens there"),
        ("postgresql://u:topsecret@/d?host=/no/such/folder", "there is no such socket"),
    ],
)
async def test_one_that_is_not_there_is_said_without_its_password(settings: Settings, url: str, told: str) -> None:
    found = await seen(database.look, at(settings, url))
    assert wrong(found) == {"answers": told}
    assert "topsecret" not in repr(found)


async def test_what_it_does_not_let_in_is_said(settings: Settings) -> None:
    url = settings.database.url.get_secret_value()
    another = await seen(database.look, at(settings, url.replace("_serving:", "_serving:not", 1)))
    assert wrong(another) == {"answers": "it does not take the password"}
    nowhere, _, query = url.partition("?")
    missing = f"{nowhere.rpartition('/')[0]}/none{'?' * bool(query)}{query}"
    assert wrong(await seen(database.look, at(settings, missing))) == {"answers": "it has no such database"}
