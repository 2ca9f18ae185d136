import asyncio
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from tests.embedded.owners import an_owner, servers_in
from threadly.embedded import DataFromOtherVersion, DataNotUsable, EngineFailed, engines, with_database
from threadly.embedded.account import Account
from threadly.embedded.binaries import find_postgres


async def test_letters_are_letters_in_every_script(data: Path) -> None:
    async with engines(data, valkey=False) as running:
        connection = await asyncpg.connect(running.database_url)
        assert await connection.fetchval("select 'Дамска РОКЛЯ' ilike '%рокля%'")
        assert await connection.fetchval("select upper('straße')") == "STRASSE"
        await connection.execute("create extension pg_trgm")
        assert len(await connection.fetchval("select show_trgm('рокля')")) == 6
        assert await connection.fetchval("select encoding from pg_database where datname = 'threadly'") == 6  # UTF8
        await connection.close()


async def test_the_application_is_no_superuser_and_has_what_it_needs(data: Path) -> None:
    async with engines(data, valkey=False) as running:
        connection = await asyncpg.connect(running.database_url)
        role = await connection.fetchrow("select rolsuper, rolcreatedb from pg_roles where rolname = current_user")
        assert role is not None
        assert dict(role) == {"rolsuper": False, "rolcreatedb": True}
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("copy (select 1) to program 'cat'")
        for extension in ("vector", "pg_stat_statements", "pg_trgm", "btree_gin", "unaccent"):
            await connection.execute(f"create extension if not exists {extension}")
        await connection.close()

        administrator = await asyncpg.connect(running.administrator_url)
        assert await administrator.fetchval("select rolsuper from pg_roles where rolname = current_user")
        await administrator.close()


@pytest.mark.parametrize("role", ["threadly", "postgres"])
async def test_nobody_enters_without_the_right_password(role: str, data: Path) -> None:
    async with engines(data, valkey=False) as running:
        assert running.database_url
        folder = running.database_url.partition("host=")[2]
        for password in ("", "wrong"):
            with pytest.raises((asyncpg.InvalidPasswordError, asyncpg.InterfaceError)):
                await asyncpg.connect(f"postgresql://{role}:{password}@/threadly?host={folder}")


async def test_it_listens_on_no_network_and_its_secrets_are_private(data: Path) -> None:
    async with engines(data, valkey=False) as running:
        connection = await asyncpg.connect(running.administrator_url)
        assert await connection.fetchval("show listen_addresses") == ""
        methods = await connection.fetch("select type, auth_method from pg_hba_file_rules")
        assert {tuple(row) for row in methods} == {("local", "scram-sha-256")}
        await connection.close()
    for place in ("postgres-passwords", "postgresql.log"):
        assert (data / place).stat().st_mode & 0o777 == 0o600, place


async def test_lost_passwords_are_replaced(data: Path) -> None:
    before = (data / "postgres-passwords").read_text()
    (data / "postgres-passwords").write_text("{ half a fi")
    async with engines(data, valkey=False) as running:
        await (await asyncpg.connect(running.database_url)).close()
        await (await asyncpg.connect(running.administrator_url)).close()
    assert (data / "postgres-passwords").read_text() != before


async def test_settings_of_ones_own_are_stronger_and_stay(data: Path) -> None:
    (data / "postgres" / "local.conf").write_text("work_mem = '7MB'\n")
    for _ in range(2):
        async with engines(data, valkey=False) as running:
            connection = await asyncpg.connect(running.database_url)
            assert await connection.fetchval("show work_mem") == "7MB"
            assert await connection.fetchval("show jit") == "off"
            await connection.close()


async def test_a_stale_pid_file_that_names_a_living_stranger_is_in_nobodys_way(data: Path) -> None:
    with _running("sleep", "60") as stranger:
        (data / "postgres" / "postmaster.pid").write_text(f"{stranger.pid}\n/elsewhere\n1\n5432\n\n\n 1 1\nready   \n")
        async with engines(data, valkey=False) as running:
            await (await asyncpg.connect(running.database_url)).close()
        assert stranger.poll() is None


async def test_a_server_without_owner_and_keeper_is_stopped_before_the_next_starts(data: Path) -> None:
    account = Account.for_data(data / "postgres")
    command = [str(find_postgres().postgres), "-D", account.name_for(data / "postgres"), "-k", "/tmp", "-p", "54329"]
    with _running(*command, folder=data / "postgres", account=account) as orphan:
        async with asyncio.timeout(5):
            while "ready" not in _pid_file(data):  # noqa: ASYNC110  a server tells nobody
                await asyncio.sleep(0.02)
        told: list[str] = []
        async with engines(data, valkey=False, on_progress=told.append) as running:
            await (await asyncpg.connect(running.database_url)).close()
        assert told == ["Stopped a PostgreSQL that an earlier run had left behind"]
        assert orphan.wait(1) == 0


async def test_a_shell_that_stands_in_the_folder_is_left_alone(data: Path) -> None:
    with _running("sleep", "60", folder=data / "postgres") as shell:
        async with engines(data, valkey=False):
            pass
        assert shell.poll() is None


async def test_another_major_version_is_refused_and_its_data_left_alone(data: Path) -> None:
    (data / "postgres" / "PG_VERSION").write_text("19\n")
    before = _listing(data / "postgres")
    with pytest.raises(DataFromOtherVersion, match="PostgreSQL 19; this is PostgreSQL 18") as refusal:
        async with engines(data, valkey=False):
            pass
    assert "restore it here" in str(refusal.value)
    assert _listing(data / "postgres") == before


async def test_a_folder_that_is_no_database_is_refused_and_left_alone(data: Path) -> None:
    (data / "postgres" / "PG_VERSION").unlink()
    before = _listing(data / "postgres")
    with pytest.raises(DataNotUsable, match="PG_VERSION is missing"):
        async with engines(data, valkey=False):
            pass
    assert _listing(data / "postgres") == before


async def test_damaged_data_is_an_error_that_quotes_the_log(data: Path) -> None:
    (data / "postgres" / "global" / "pg_control").write_bytes(b"\0" * 8192)
    with pytest.raises(EngineFailed) as failure:
        async with engines(data, valkey=False):
            pass
    assert "PostgreSQL did not start" in str(failure.value)
    assert str(data / "postgresql.log") in str(failure.value)
    assert "FATAL" in failure.value.last_lines
    assert servers_in(data) == []


def test_an_owner_says_one_sentence_instead_of_a_traceback(data: Path) -> None:
    (data / "postgres" / "PG_VERSION").write_text("17\n")
    with an_owner(data) as owner:
        assert owner.facts["code"] == "data_from_other_version"
        assert owner.process.wait(5) == 0


async def test_sessions_end_when_the_engines_do(data: Path) -> None:
    async with engines(data, valkey=False) as running:
        assert running.database_url
        connection = await asyncpg.connect(with_database(running.database_url, "postgres"))
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await connection.fetchval("select 1")
    connection.terminate()


@contextmanager
def _running(
    *command: str, folder: Path | None = None, account: Account | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    borrowed = account if account is not None and account.borrowed else None
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        stderr=subprocess.DEVNULL,
        user=borrowed.uid if borrowed else None,
        group=borrowed.gid if borrowed else None,
        extra_groups=[] if borrowed else None,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def _pid_file(data: Path) -> str:
    place = data / "postgres" / "postmaster.pid"
    return place.read_text() if place.exists() else ""


def _listing(folder: Path) -> list[tuple[str, int]]:
    return sorted((str(place), place.lstat().st_mtime_ns) for place in folder.rglob("*") if os.path.lexists(place))
