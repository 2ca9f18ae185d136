import os
import shutil
import socket
from pathlib import Path

import asyncpg
import pytest

from tests.embedded.owners import an_owner, servers_in
from tests.embedded.trees import unchanged
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
    left_behind.chmod(0o711)
    (data / "run").symlink_to(left_behind / "run")
    async with engines(data, postgres=False):
        assert not left_behind.exists()


@pytest.mark.parametrize(
    ("case", "place", "mode"),
    [
        ("elsewhere, named and open as ours", "{tmp_path}/threadly-precious", 0o711),
        ("among ours, named otherwise", "/tmp/precious-{pid}", 0o711),
        ("among ours, open otherwise", "/tmp/threadly-precious-{pid}", 0o755),
        ("below ours", "/tmp/threadly-precious-{pid}/threadly-below", 0o711),
    ],
)
async def test_a_link_to_a_folder_that_is_not_ours_is_not_followed(
    case: str, place: str, mode: int, data: Path, tmp_path: Path
) -> None:
    precious = Path(place.format(tmp_path=tmp_path, pid=os.getpid()))
    _a_folder_with_a_letter(precious, mode)
    try:
        (data / "run").symlink_to(precious / "run")
        async with engines(data, postgres=False):
            pass
        assert (precious / "run" / "letter").read_text() == "dear", case
    finally:
        shutil.rmtree(precious.parent if precious.name == "threadly-below" else precious)


@pytest.mark.parametrize("name", ["letter", "valkey.sock"])
async def test_a_folder_of_sockets_that_holds_something_else_is_left_alone(name: str, data: Path) -> None:
    (data / "run").mkdir()
    (data / "run" / name).write_text("dear")
    _a_socket(data / "run" / ".s.PGSQL.5432")
    with unchanged(data / "run"), pytest.raises(DataNotUsable, match=f"is for sockets only, and holds {name}"):
        async with engines(data):
            pass


async def test_sockets_that_a_killed_owner_left_are_removed(data: Path) -> None:
    (data / "run").mkdir()
    for name in (".s.PGSQL.5432", "valkey.sock"):
        _a_socket(data / "run" / name)
    (data / "run" / ".s.PGSQL.5432.lock").write_text("1\n")
    async with engines(data, postgres=False) as running:
        assert running.cache_url
    assert not (data / "run").is_dir()


@pytest.mark.parametrize("name", ["lock", "valkey.log"])
async def test_a_link_in_the_place_of_a_file_is_not_followed(name: str, data: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("dear")
    (data / name).unlink()
    (data / name).symlink_to(precious)
    with unchanged(precious), pytest.raises(DataNotUsable, match=f"{name} is not a regular file"):
        async with engines(data, postgres=False):
            pass
    assert servers_in(data) == []


async def test_a_link_in_the_place_of_the_configuration_is_replaced(data: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("dear")
    (data / "valkey" / "valkey.conf").unlink()
    (data / "valkey" / "valkey.conf").symlink_to(precious)
    with unchanged(precious):
        async with engines(data, postgres=False) as running:
            assert running.cache_url
    assert not (data / "valkey" / "valkey.conf").is_symlink()


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


def _a_folder_with_a_letter(place: Path, mode: int) -> None:
    (place / "run").mkdir(parents=True)
    (place / "run" / "letter").write_text("dear")
    place.chmod(mode)


def _a_socket(place: Path) -> None:
    """A socket without a server; made by its short name, as the path may be too long for its address."""
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(f"/proc/self/fd/{folder}/{place.name}")
    finally:
        os.close(folder)


def _lasting(data: Path) -> list[int]:
    """The processes that stay as long as the engines do; PostgreSQL's others come and go."""
    postmaster = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
    return [postmaster, *servers_in(data, "valkey-server"), *servers_in(data, "keeper")]
