import os
from pathlib import Path

import asyncpg
import pytest

from tests.embedded.owners import an_owner, servers_in
from threadly.embedded import DataInUse, DataNotUsable, engines


async def test_a_second_owner_is_told_who_the_first_is_and_disturbs_nothing(data: Path) -> None:
    with an_owner(data) as first:
        running_before = _lasting(data)
        with pytest.raises(DataInUse) as refusal:
            async with engines(data):
                pass
        assert refusal.value.pid == first.process.pid
        assert f"in use by process {first.process.pid}" in str(refusal.value)
        assert _lasting(data) == running_before
        await (await asyncpg.connect(first.facts["database_url"])).close()


async def test_the_same_process_cannot_take_a_folder_twice(data: Path) -> None:
    async with engines(data, postgres=False):
        with pytest.raises(DataInUse) as refusal:
            async with engines(data, valkey=False):
                pass
    assert refusal.value.pid == os.getpid()
    assert servers_in(data) == []


async def test_a_stale_lock_file_is_no_lock(data: Path) -> None:
    (data / "lock").write_text(f"{os.getpid()}\n")
    async with engines(data, postgres=False) as running:
        assert running.cache_url


async def test_sockets_are_private_and_gone_at_the_end(data: Path) -> None:
    async with engines(data) as running:
        assert running.cache_url
        sockets = Path(running.cache_url.partition("@")[2]).parent
        assert sockets.stat().st_mode & 0o777 == 0o700
        assert {".s.PGSQL.5432", "valkey.sock"} <= set(os.listdir(sockets))  # noqa: PTH208
    assert not sockets.exists()
    assert not (data / "run").is_symlink()


async def test_a_long_path_gets_a_short_folder_for_its_sockets(tmp_path: Path) -> None:
    data = tmp_path / ("a-folder-with-a-name-that-does-not-fit-into-the-address-of-a-socket-" * 2)
    async with engines(data) as running:
        assert running.database_url
        assert running.cache_url
        sockets = Path(running.cache_url.partition("@")[2]).parent
        assert len(os.fsencode(sockets / ".s.PGSQL.5432.lock")) <= 100
        assert (data / "run").resolve() == sockets
        await (await asyncpg.connect(running.database_url)).close()


async def test_what_a_killed_start_left_in_the_temporary_folder_is_removed_by_the_next(data: Path) -> None:
    left_behind = Path("/tmp") / f"threadly-left-{os.getpid()}"
    (left_behind / "run").mkdir(parents=True)
    (data / "run").symlink_to(left_behind / "run")
    async with engines(data, postgres=False):
        assert not left_behind.exists()


async def test_a_link_to_a_folder_that_is_not_ours_is_not_followed(data: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    (precious / "run").mkdir(parents=True)
    (data / "run").symlink_to(precious / "run")
    async with engines(data, postgres=False):
        pass
    assert (precious / "run").is_dir()


async def test_a_place_that_cannot_be_a_folder_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "data"
    place.write_text("a file")
    with pytest.raises(DataNotUsable, match="Not a directory"):
        async with engines(place):
            pass
    assert place.read_text() == "a file"


async def test_the_folder_of_the_user_keeps_its_mode_and_its_parents_theirs(tmp_path: Path) -> None:
    home, data = tmp_path / "home", tmp_path / "home" / "data"
    home.mkdir(mode=0o750)
    data.mkdir(mode=0o750)
    before = [(place.stat().st_mode, place.stat().st_uid) for place in (home, data)]
    async with engines(data, postgres=False):
        pass
    assert [(place.stat().st_mode, place.stat().st_uid) for place in (home, data)] == before


async def test_a_new_folder_is_private_and_stays_out_of_version_control(tmp_path: Path) -> None:
    async with engines(tmp_path / "new", postgres=False):
        pass
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "new" / ".gitignore").read_text() == "*\n"


def _lasting(data: Path) -> list[int]:
    """The processes that stay as long as the engines do; PostgreSQL's others come and go."""
    postmaster = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
    return [postmaster, *servers_in(data, "valkey-server"), *servers_in(data, "keeper")]
