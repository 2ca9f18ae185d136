"""Folders that are not ours: refused with a sentence, and left as they are."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.embedded.owners import servers_in
from tests.embedded.trees import unchanged
from threadly.embedded import DataNotUsable, blocking_engines, engines
from threadly.embedded.binaries import find_valkey
from threadly.embedded.claim import MARKER, claim

Plant = Callable[[Path, Path], None]
"""Puts something into a folder; the second is a folder of somebody's elsewhere, with a letter in it."""


def _a_letter(folder: Path, _elsewhere: Path) -> None:
    (folder / "letter").write_text("dear")


def _run_as_a_folder(folder: Path, _elsewhere: Path) -> None:
    (folder / "run").mkdir()
    (folder / "run" / "letter").write_text("dear")


def _run_as_a_link(folder: Path, elsewhere: Path) -> None:
    (folder / "run").symlink_to(elsewhere)


def _run_as_a_link_that_looks_like_ours(folder: Path, elsewhere: Path) -> None:
    (elsewhere / "threadly-backup" / "run").mkdir(parents=True)
    (folder / "run").symlink_to(elsewhere / "threadly-backup" / "run")


def _a_lock(folder: Path, _elsewhere: Path) -> None:
    (folder / "lock").write_text("combination 1234")


def _a_lock_as_a_link(folder: Path, elsewhere: Path) -> None:
    (folder / "lock").symlink_to(elsewhere / "letter")


def _logs_as_links(folder: Path, elsewhere: Path) -> None:
    for name in ("valkey.log", "postgresql.log", "web.log", "work.log"):
        (folder / name).symlink_to(elsewhere / "letter")


def _a_valkey_of_their_own(folder: Path, elsewhere: Path) -> None:
    (folder / "valkey").mkdir()
    (folder / "valkey" / "dump.rdb").write_bytes(b"REDIS0011 theirs")
    (folder / "valkey" / "valkey.conf").symlink_to(elsewhere / "letter")


def _a_postgres_of_their_own(folder: Path, _elsewhere: Path) -> None:
    (folder / "postgres").mkdir(mode=0o700)
    for name, text in {"PG_VERSION": "18\n", "postgresql.conf": "theirs", "postmaster.pid": "1\n"}.items():
        (folder / "postgres" / name).write_text(text)


def _a_marker_of_another_program(folder: Path, _elsewhere: Path) -> None:
    (folder / MARKER).write_text("Threadly data, format 2\n")


def _a_marker_as_a_link(folder: Path, elsewhere: Path) -> None:
    (elsewhere / MARKER).write_text("Threadly data, format 1\n")
    (folder / MARKER).symlink_to(elsewhere / MARKER)


@pytest.mark.parametrize(
    "plant",
    [
        _a_letter,
        _run_as_a_folder,
        _run_as_a_link,
        _run_as_a_link_that_looks_like_ours,
        _a_lock,
        _a_lock_as_a_link,
        _logs_as_links,
        _a_valkey_of_their_own,
        _a_postgres_of_their_own,
        _a_marker_of_another_program,
        _a_marker_as_a_link,
    ],
)
async def test_a_folder_that_was_not_ours_is_refused_and_left_as_it_was(plant: Plant, tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "theirs", tmp_path / "elsewhere"
    for place in (folder, elsewhere):
        place.mkdir()
    (elsewhere / "letter").write_text("dear")
    plant(folder, elsewhere)
    with unchanged(folder, elsewhere), pytest.raises(DataNotUsable, match="--data DIR"):
        async with engines(folder):
            pytest.fail("took somebody's folder")


def test_a_server_that_runs_in_a_folder_of_somebodys_is_not_stopped(tmp_path: Path) -> None:
    place = tmp_path / "valkey"
    place.mkdir()
    with subprocess.Popen([find_valkey(), "--port", "0"], cwd=place, stdout=subprocess.DEVNULL) as theirs:
        try:
            with pytest.raises(DataNotUsable, match="not Threadly's data"), blocking_engines(tmp_path):
                pytest.fail("took somebody's folder")
            assert theirs.poll() is None
        finally:
            theirs.terminate()
    assert servers_in(tmp_path) == []


@pytest.mark.parametrize(("mode", "accepted"), [(0o755, True), (0o700, True), (0o775, False), (0o1777, False)])
def test_a_folder_to_which_others_may_write_is_refused(mode: int, *, accepted: bool, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(mode)
    if accepted:
        claim(folder)
        assert (folder / MARKER).is_file()
    else:
        with unchanged(folder), pytest.raises(DataNotUsable, match="chmod go-w"):
            claim(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of another account: run the tests as root")
@pytest.mark.parametrize("marked", [True, False])
def test_not_even_root_takes_a_folder_of_another_account(tmp_path: Path, *, marked: bool) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    if marked:
        claim(folder)
    os.chown(folder, 4711, 4712)
    with unchanged(folder), pytest.raises(DataNotUsable, match="number 4711, and this is number 0"):
        claim(folder)


def test_a_folder_is_claimed_once_and_recognised_ever_after(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    claim(folder)
    (folder / "lock").touch()
    with unchanged(folder):
        claim(folder)


def test_a_claim_that_was_interrupted_is_finished(tmp_path: Path) -> None:
    (tmp_path / MARKER).touch()
    claim(tmp_path)
    assert (tmp_path / MARKER).read_text() == "Threadly data, format 1\n"


async def test_a_link_to_our_folder_leads_to_it(data: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(data)
    async with engines(link, postgres=False) as running:
        assert running.data == data
    assert link.is_symlink()
