"""Who serves reads and writes rows, owns nothing, and cannot change what only grows."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import text

from tests.conftest import database_settings, role_of
from tests.engines import EngineUrls
from threadly.core.database import Database
from threadly.core.database.roles import let_serve, own_role, powers_over
from threadly.embedded import with_database
from threadly.tables import APPEND_ONLY, AUDIT_LOG

ONE = "INSERT INTO audit_log (act, actor, cause, target) VALUES ('thing.done', 'system', 'test', 'thing')"


@pytest.fixture
async def serving(db: Database, database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A raw connection of who serves, to a log with one row."""
    connection = await asyncpg.connect(database_url)
    await connection.execute(ONE)
    yield connection
    await connection.close()


async def kept(owner: Database) -> list[tuple[object, ...]]:
    """All that the log holds, and what it is made of."""
    async with owner.engine.connect() as connection:
        rows = await connection.execute(text("SELECT * FROM audit_log ORDER BY id"))
        made = await connection.execute(
            text(
                "SELECT tgname, tgenabled::text, (SELECT relowner::regrole::text FROM pg_class"
                " WHERE oid = 'audit_log'::regclass) FROM pg_trigger WHERE tgrelid = 'audit_log'::regclass"
            )
        )
        return [tuple(row) for row in (*rows, *made)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET actor = 'somebody else'",
        "UPDATE audit_log SET id = DEFAULT",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        "DROP TABLE audit_log",
        "DROP TABLE audit_log CASCADE",
        "DROP SCHEMA public CASCADE",
        "ALTER TABLE audit_log DROP COLUMN actor",
        "ALTER TABLE audit_log RENAME TO forgotten",
        "ALTER TABLE audit_log OWNER TO CURRENT_USER",
        "ALTER TABLE audit_log DISABLE TRIGGER ALL",
        "ALTER TABLE audit_log DISABLE TRIGGER audit_log_only_grows",
        "ALTER TABLE audit_log DISABLE RULE nothing",
        "DROP TRIGGER audit_log_only_grows ON audit_log",
        "ALTER FUNCTION refuse_to_forget() RENAME TO forget",
        "CREATE RULE forget AS ON INSERT TO audit_log DO INSTEAD NOTHING",
        "CREATE TRIGGER forget BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_to_forget()",
        "SET session_replication_role = replica",
        "SET ROLE threadly",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION threadly",
        "GRANT threadly TO threadly_serving",
        "ALTER ROLE threadly_serving SUPERUSER",
        "CREATE TABLE beside (id int)",
        "CREATE TEMPORARY TABLE audit_log (id int)",
        "CREATE SCHEMA beside",
        "COPY audit_log TO PROGRAM 'cat'",
        "INSERT INTO audit_log (act, actor, cause, target, at) VALUES ('a', 'b', 'c', 'd', '2001-01-01')",
        "INSERT INTO audit_log (id, act, actor, cause, target) OVERRIDING SYSTEM VALUE VALUES (1, 'a', 'b', 'c', 'd')",
        f"{ONE} ON CONFLICT (id) DO UPDATE SET actor = 'somebody else'",
        "MERGE INTO audit_log a USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
        "BEGIN; LOCK TABLE audit_log IN ACCESS EXCLUSIVE MODE",
        "SELECT FROM audit_log FOR UPDATE",
        "UPDATE pg_class SET relowner = current_user::regrole WHERE oid = 'audit_log'::regclass",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
async def test_who_serves_can_change_nothing_of_the_audit_log(
    serving: asyncpg.Connection, owner: Database, statement: str
) -> None:
    before = await kept(owner)
    with pytest.raises(asyncpg.PostgresError) as refusal:
        await serving.execute(statement)
    assert refusal.value.sqlstate == "42501", refusal.value  # insufficient_privilege, and no mistake of the statement
    assert await kept(owner) == before


async def test_who_serves_cannot_grant_what_it_has_not(serving: asyncpg.Connection, owner: Database) -> None:
    before = await kept(owner)
    await serving.execute("GRANT UPDATE, DELETE, TRUNCATE ON audit_log TO CURRENT_USER")  # PostgreSQL warns, no more
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await serving.execute("DELETE FROM audit_log")
    assert await kept(owner) == before


async def test_who_serves_adds_to_it_and_reads_it(serving: asyncpg.Connection, db: Database) -> None:
    await serving.execute(ONE)
    assert await serving.fetchval("SELECT count(*) FROM audit_log") == 2
    async with db.read() as read:
        assert await powers_over(read, AUDIT_LOG) == []
        assert await own_role(read) == "threadly_serving"


@pytest.mark.parametrize("statement", ["UPDATE audit_log SET act = 'b'", "DELETE FROM audit_log", "TRUNCATE audit_log"])
@pytest.mark.usefixtures("serving")
async def test_not_even_the_owner_changes_it_by_a_slip(owner: Database, owner_url: str, statement: str) -> None:
    before = await kept(owner)
    connection = await asyncpg.connect(owner_url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="the audit log only grows"):
        await connection.execute(statement)
    await connection.close()
    assert await kept(owner) == before


async def test_what_an_owner_or_a_superuser_could_do_is_named(owner: Database, engine_urls: EngineUrls) -> None:
    async with owner.read() as read:
        assert await powers_over(read, AUDIT_LOG) == [
            "owns it", "owns the database or the schema", "may UPDATE it",
            "may INSERT what it gives by itself, such as the time", "may DELETE from it", "may TRUNCATE it",
            "may make temporary tables, which hide it",
        ]  # fmt: skip
        assert await powers_over(read, "no_such_table") == []
        name = await own_role(read)
    assert name == role_of(engine_urls.database_url)


@pytest.mark.parametrize(
    ("granted", "named"),
    [
        ("GRANT UPDATE (actor) ON audit_log TO threadly_serving", "may UPDATE it"),
        ("GRANT INSERT (at) ON audit_log TO threadly_serving", "may INSERT what it gives by itself, such as the time"),
        ("GRANT INSERT ON audit_log TO PUBLIC", "may INSERT what it gives by itself, such as the time"),
        ("GRANT DELETE ON audit_log TO PUBLIC", "may DELETE from it"),
        ("GRANT TRUNCATE ON audit_log TO threadly_serving", "may TRUNCATE it"),
        ("GRANT TEMPORARY ON DATABASE {database} TO threadly_serving", "may make temporary tables, which hide it"),
        ("GRANT TEMPORARY ON DATABASE {database} TO PUBLIC", "may make temporary tables, which hide it"),
    ],
)
async def test_what_somebody_has_granted_is_named_and_taken_back_by_the_next_upgrade(
    db: Database, owner: Database, granted: str, named: str
) -> None:
    async with owner.engine.begin() as connection:
        database = await connection.scalar(text("SELECT current_database()"))
        await connection.execute(text(granted.format(database=database)))
    async with db.read() as read:
        assert await powers_over(read, AUDIT_LOG) == [named]

    assert await let_serve(owner, "threadly_serving", append_only=APPEND_ONLY) == ("DATABASE" not in granted)
    async with db.read() as read:
        assert await powers_over(read, AUDIT_LOG) == []


async def test_a_membership_is_a_power(engine_urls: EngineUrls, owner_url: str, database_url: str) -> None:
    role = f"test_{uuid4().hex}"
    name = owner_url.partition("?")[0].rpartition("/")[2]
    administrator = await asyncpg.connect(with_database(engine_urls.administrator_url, name))
    await administrator.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{role}'; GRANT postgres TO {role}")
    own = database_url.replace(database_url.partition("//")[2].partition("@")[0], f"{role}:{role}")
    db = Database(database_settings(own))
    async with db.read() as read:
        powers = await powers_over(read, AUDIT_LOG)
    await db.close()
    await administrator.execute(f"DROP ROLE {role}")
    await administrator.close()
    assert "is a superuser" in powers


async def test_nothing_is_granted_twice_and_later_tables_are_opened_as_well(db: Database, owner: Database) -> None:
    assert await let_serve(owner, "threadly_serving", append_only=APPEND_ONLY) == 0
    async with owner.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE later (id int)"))
    async with db.engine.begin() as connection:
        await connection.execute(text("INSERT INTO later VALUES (1)"))
    assert await let_serve(owner, "threadly_serving", append_only=APPEND_ONLY) == 0


async def test_a_role_that_is_not_there_is_refused_and_nothing_granted(owner: Database) -> None:
    with pytest.raises(Exception, match="nobody_at_all"):
        await let_serve(owner, "nobody_at_all", append_only=APPEND_ONLY)
