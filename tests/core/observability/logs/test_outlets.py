"""Lines reach a pipe or a file whole; a file is put aside when it is large or old, and the oldest goes."""

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from threadly.core.observability.logs.outlets import File, Stream
from threadly.core.observability.logs.sink import Gone

DAY = timedelta(days=1)


def _file(path: Path, *, most_bytes: int = 1 << 20, longest: timedelta = DAY, kept: int = 3) -> File:
    return File(path, most_bytes=most_bytes, longest=longest, kept=kept)


def _aside(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.name != "shop.log")


def test_a_file_is_appended_to_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "shop.log"
    path.write_bytes(b"before\n")
    file = _file(path)
    file.write(b"after\n")
    file.close()

    assert path.read_bytes() == b"before\nafter\n"
    path.unlink()
    file.write(b"x\n")
    assert path.stat().st_mode & 0o007 == 0
    file.close()


def test_a_large_file_is_put_aside_and_the_oldest_goes(tmp_path: Path) -> None:
    file = _file(tmp_path / "shop.log", most_bytes=100, kept=3)
    for number in range(20):
        file.write(b"%3d%s\n" % (number, b"x" * 96))
    file.close()

    aside = _aside(tmp_path)
    assert len(aside) == 3
    whole = b"".join(path.read_bytes() for path in [*aside, tmp_path / "shop.log"])
    assert [int(line[:3]) for line in whole.splitlines()] == [16, 17, 18, 19]


def test_where_it_may_not_be_put_aside_the_file_grows_on_which_is_told_once_and_no_line_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "shop.log"
    file = _file(path, most_bytes=100)
    with monkeypatch.context() as while_refused, capture_logs() as told:
        while_refused.setattr(Path, "rename", refuse)
        for _ in range(5):
            assert file.write(b"x" * 59 + b"\n") == 60
    assert path.stat().st_size == 300
    assert _aside(tmp_path) == []
    warning = {"event": "The log's file cannot be put aside, so it grows on.", "reason": "Permission denied"}
    assert told == [warning | {"log_level": "warning"}]

    file.write(b"x\n")
    assert len(_aside(tmp_path)) == 1
    path.write_bytes(b"x" * 100)
    with monkeypatch.context() as while_refused, capture_logs() as told:
        while_refused.setattr(Path, "rename", refuse)
        file.write(b"x\n")
    assert len(told) == 1, "it was put aside meanwhile, so this is news"
    file.close()


def test_whoever_opens_it_hears_that_it_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        _file(tmp_path / "nowhere" / "shop.log").open()
    with pytest.raises(IsADirectoryError):
        _file(tmp_path).open()


def test_an_old_file_is_put_aside_also_by_a_process_that_begins_later(tmp_path: Path) -> None:
    path = tmp_path / "shop.log"
    path.write_bytes(b'{"timestamp":"2020-01-01T00:00:00.000000Z","event":"old"}\n')
    file = _file(path)
    file.write(b'{"timestamp":"2026-11-27T00:00:00.000000Z","event":"new"}\n')
    file.close()

    (aside,) = _aside(tmp_path)
    assert b"old" in aside.read_bytes()
    assert b"new" in path.read_bytes()


def test_a_file_that_another_program_has_rotated_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "shop.log"
    file = _file(path)
    file.write(b"a\n")
    path.rename(tmp_path / "shop.log.1")
    file.write(b"b\n")
    file.close()

    assert path.read_bytes() == b"b\n"


def test_processes_share_a_file_and_no_line_is_lost_or_torn(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from datetime import timedelta\n"
        "from threadly.core.observability.logs.outlets import File\n"
        "file = File(Path(sys.argv[1]), most_bytes=20_000, longest=timedelta(days=1), kept=1000)\n"
        "for number in range(500): file.write(b'%s %d %s\\n' % (sys.argv[2].encode(), number, b'x' * 100))\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "shop.log"), name]) for name in ("a", "b")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]

    lines = [line.split() for path in tmp_path.iterdir() for line in path.read_text().splitlines()]
    assert sorted((name, int(number)) for name, number, _ in lines) == [
        (name, number) for name in "ab" for number in range(500)
    ]
    assert len(_aside(tmp_path)) >= 5


def test_a_full_disk_is_an_error_and_the_file_is_tried_anew(tmp_path: Path) -> None:
    path = tmp_path / "shop.log"
    path.symlink_to("/dev/full")
    file = _file(path)
    with pytest.raises(OSError, match="No space left"):
        file.write(b"a\n")
    path.unlink()
    file.write(b"a\n")
    file.close()

    assert path.read_bytes() == b"a\n"


def test_a_pipe_is_given_whole_lines_that_fit_it_at_once() -> None:
    reads, writes = os.pipe()
    lines = b"".join(b"%d%s\n" % (number, b"x" * 900) for number in range(20))
    stream = Stream(writes)
    sizes = []
    left = lines
    reader = threading.Thread(target=lambda: _read_all(reads, lines))
    reader.start()
    while left:
        sizes.append(stream.write(left))
        assert left[: sizes[-1]].endswith(b"\n")
        left = left[sizes[-1] :]
    os.close(writes)
    reader.join(10)

    assert max(sizes) <= 4096
    os.close(reads)


def _read_all(reads: int, expected: bytes) -> None:
    seen = b""
    while part := os.read(reads, 65536):
        seen += part
    assert seen == expected


def test_a_pipe_whose_reader_has_gone_says_so() -> None:
    reads, writes = os.pipe()
    os.close(reads)

    with pytest.raises(Gone):
        Stream(writes).write(b"a\n")
    os.close(writes)


def test_a_pipe_that_is_full_and_must_not_wait_takes_nothing() -> None:
    reads, writes = os.pipe()
    os.set_blocking(writes, False)
    stream = Stream(writes)
    written = sum(iter(lambda: stream.write(b"x" * 4095 + b"\n"), 0))

    assert written >= 65536 - 4096
    os.close(reads)
    os.close(writes)
