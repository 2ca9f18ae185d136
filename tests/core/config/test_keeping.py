"""A secret in a file is changed in one step, and nobody else gets in by that."""

import os
import stat
from pathlib import Path

import pytest

from threadly.core.config.keeping import keep


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        keep(tmp_path / "key", "a secret")
    finally:
        os.umask(before)
    assert (tmp_path / "key").read_text() == "a secret\n"
    assert mode(tmp_path / "key") == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["key"]


@pytest.mark.parametrize(("was", "is_now"), [(0o600, 0o600), (0o640, 0o640), (0o666, 0o640), (0o444, 0o640)])
def test_a_file_that_is_there_keeps_what_lets_its_group_read_and_nothing_more(
    tmp_path: Path, was: int, is_now: int
) -> None:
    file = tmp_path / "key"
    file.write_text("old\n")
    file.chmod(was)
    keep(file, "new")
    assert (file.read_text(), mode(file)) == ("new\n", is_now)


def test_a_link_stays_one_and_what_it_leads_to_is_changed(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old\n")
    (tmp_path / "key").symlink_to("real")
    keep(tmp_path / "key", "new")
    assert (tmp_path / "key").is_symlink()
    assert (tmp_path / "real").read_text() == "new\n"


def test_whoever_reads_meanwhile_sees_the_old_or_the_new_and_a_failure_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "key"
    file.write_text("old\n")
    seen = []

    def failing(descriptor: int) -> None:
        seen.append(file.read_text())
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(OSError, match="No space"):
        keep(file, "new")
    assert seen == ["old\n"]
    assert file.read_text() == "old\n"
    assert [each.name for each in tmp_path.iterdir()] == ["key"]
