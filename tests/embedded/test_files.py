import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.embedded.trees import unchanged
from threadly.embedded import DataNotUsable, open_file, open_log
from threadly.embedded.files import replace_file


def _a_link(place: Path) -> None:
    place.symlink_to(place.with_name("precious"))


def _a_link_to_nothing(place: Path) -> None:
    place.symlink_to(place.with_name("nothing"))


def _a_pipe(place: Path) -> None:
    os.mkfifo(place)


def _a_folder(place: Path) -> None:
    place.mkdir()


@pytest.mark.parametrize("plant", [_a_link, _a_link_to_nothing, _a_pipe, _a_folder])
def test_only_a_regular_file_is_opened(plant: Callable[[Path], None], tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("dear")
    plant(tmp_path / "web.log")
    with unchanged(tmp_path):
        for flags in (os.O_RDONLY, os.O_RDWR | os.O_CREAT):
            with pytest.raises(DataNotUsable, match=r"web\.log is not a regular file"):
                open_file(tmp_path / "web.log", flags)
        with pytest.raises(DataNotUsable, match=r"web\.log is not a regular file"):
            open_log(tmp_path / "web.log")


def test_no_program_inherits_a_file_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    descriptor = open_file(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    assert not os.get_inheritable(descriptor)
    assert os.fstat(descriptor).st_mode & 0o777 == 0o600
    os.close(descriptor)


def test_a_log_is_appended_to_until_it_is_large(tmp_path: Path) -> None:
    place = tmp_path / "web.log"
    place.write_bytes(b"old\n")
    with open_log(place) as log:
        assert log.tell() == 4
        log.write(b"new\n")
    assert place.read_bytes() == b"old\nnew\n"

    os.truncate(place, 10 * 1024 * 1024 + 1)
    with open_log(place) as log:
        log.write(b"afresh\n")
    assert place.read_bytes() == b"afresh\n"
    assert (tmp_path / "web.log.1").stat().st_size == 10 * 1024 * 1024 + 1


def test_a_file_is_replaced_and_a_link_in_its_place_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("dear")
    (tmp_path / "valkey.conf").symlink_to(tmp_path / "precious")
    with unchanged(tmp_path / "precious"):
        replace_file(tmp_path / "valkey.conf", "port 0\n")
    assert not (tmp_path / "valkey.conf").is_symlink()
    assert (tmp_path / "valkey.conf").read_text() == "port 0\n"
    assert (tmp_path / "valkey.conf").stat().st_mode & 0o777 == 0o600
