"""Logging is set up once in a process: ours, the libraries' and Python's warnings go one way."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.processes import eventually
from threadly.core.observability.logs import LogNotWritable, LogSettings, set_up_logs

PROGRAM = """
import logging, sys, time, warnings
import structlog
from threadly.core.observability import LogSettings, Work, set_up_logs

log = structlog.get_logger("shop")
logs = set_up_logs(LogSettings.model_validate_json(sys.argv[1]), always={"version": "0.1.0"})
"""


def _run(script: str, settings: dict[str, Any] | None = None, **how: Any) -> "subprocess.Popen[bytes]":  # noqa: ANN401
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM + script, json.dumps(settings or {})],
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how},
    )


def _lines(script: str, settings: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    out, err = _run(script, settings).communicate(timeout=60)
    assert err == b""
    return [json.loads(line) for line in out.splitlines()]


def test_everything_goes_one_way_as_json_where_there_is_no_terminal() -> None:
    told = _lines(
        "log.info('Sold.', price_minor=1200)\n"
        "logging.getLogger('library').warning('Lost %s', 'it')\n"
        "warnings.warn('old', UserWarning)\n"
        "with Work(request_id='r'): log.error('It failed.', exc_info=ValueError('x'))\n"
        "log.debug('not told'); logging.getLogger('library').info('not told')\n"
    )

    assert [(line["level"], line["logger"]) for line in told] == [
        ("info", "shop"),
        ("warning", "library"),
        ("warning", "py.warnings"),
        ("error", "shop"),
    ]
    assert told[0]["price_minor"] == 1200
    assert told[0]["version"] == "0.1.0"
    assert told[0]["pid"] == told[3]["pid"]
    assert told[3]["request_id"] == "r"
    assert told[3]["exception"]["type"] == "ValueError"


def test_a_logger_that_was_used_before_tells_in_the_same_way_afterwards() -> None:
    (told,) = _lines("log.info('a')\n")

    assert told["event"] == "a"


def test_lines_that_are_each_of_a_request_of_its_own_are_all_told() -> None:
    told = _lines(
        "requests = structlog.get_logger('threadly.core.observability.middleware')\n"
        "for n in range(100): requests.info('request', n=n)\n",
        {"repeats_per_second": 2},
    )

    assert [line["n"] for line in told] == list(range(100))


def test_what_is_repeated_is_told_some_times_and_counted() -> None:
    told = _lines("for n in range(5000): log.info('Again.', n=n)\n", {"repeats_per_second": 10})

    assert 10 <= len(told) <= 41
    assert told[-1]["event"] == f"Again.: and {told[-1]['repeated']:,} more like it in the last seconds."
    assert len(told) - 1 + sum(line.get("repeated", 0) for line in told) == 5000


def test_a_file_takes_the_lines_instead(tmp_path: Path) -> None:
    assert _lines("log.info('Sold.')\n", {"file": str(tmp_path / "shop.log")}) == []

    assert json.loads((tmp_path / "shop.log").read_text())["event"] == "Sold."


def test_a_file_that_cannot_be_written_to_is_refused_before_anything_is_told(tmp_path: Path) -> None:
    for file in (tmp_path / "nowhere" / "shop.log", tmp_path):
        with pytest.raises(LogNotWritable, match=f"The log cannot be written to {file}: "):
            set_up_logs(LogSettings(file=file), registry=None)


def test_at_a_terminal_lines_are_for_people() -> None:
    ours, theirs = pty.openpty()
    with _run("log.info('Sold.', price_minor=1200)\n", stdout=theirs) as process:
        os.close(theirs)
        line = os.read(ours, 4096).decode()
        assert process.wait(60) == 0
    os.close(ours)

    assert "Sold." in line
    assert "\x1b[32minfo" in line


@pytest.mark.parametrize("end", ["log.info('last')\n", "log.info('last'); sys.exit(3)\n", "log.info('last'); 1 / 0\n"])
def test_the_last_lines_are_written_however_a_program_ends(end: str) -> None:
    out, _ = _run(end).communicate(timeout=60)

    assert json.loads(out)["event"] == "last"


def test_a_pipe_that_nobody_reads_keeps_neither_the_program_nor_its_end_waiting() -> None:
    script = (
        "began = time.monotonic()\n"
        "for n in range(30_000): log.info('Sold.', n=n, note='x' * 200)\n"
        "sys.stderr.write(f'{time.monotonic() - began} {logs.dropped}\\n'); sys.stderr.flush()\n"
    )
    with _run(script, {"queue_bytes": 65536, "repeats_per_second": 100_000}) as process:
        assert process.stderr is not None
        seconds, dropped = process.stderr.readline().split()
        assert process.wait(60) == 0  # nobody has read a line

    assert float(seconds) < 60  # 0.3 on a quiet machine; whoever waited would wait for ever
    assert int(dropped) > 25_000


def test_lines_that_were_lost_are_told_once_somebody_reads_again() -> None:
    script = (
        "for n in range(10_000): log.info('Sold.', n=n, note='x' * 200)\n"
        "sys.stderr.write('.'); sys.stderr.flush(); sys.stdin.read()\n"
    )
    how = {"stdin": subprocess.PIPE}
    with _run(script, {"queue_bytes": 65536, "repeats_per_second": 100_000}, **how) as process:
        assert process.stderr is not None
        process.stderr.read(1)
        out, _ = process.communicate(timeout=20)
    told = [json.loads(line) for line in out.splitlines()]

    lost = [line for line in told if "dropped" in line]
    assert {line["level"] for line in lost} == {"warning"}
    assert sum(line["dropped"] for line in lost) + len(told) - len(lost) == 10_000


def test_a_reader_that_goes_away_ends_no_program() -> None:
    with _run("for n in range(100): log.info('Sold.', n=n); time.sleep(0.01)\nsys.exit(7)\n") as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(20) == 7


def test_a_full_disk_is_survived_and_what_was_waiting_is_written_when_there_is_room(tmp_path: Path) -> None:
    path = tmp_path / "shop.log"
    path.symlink_to("/dev/full")
    with _run("log.info('Sold.')\nwhile True: time.sleep(0.01)\n", {"file": str(path)}) as process:
        time.sleep(1)
        assert process.poll() is None
        assert process.stderr is not None
        assert process.stderr.readline() == b"The log cannot be written: OSError, No space left on device.\n"
        path.unlink()
        eventually(path.exists, within=10, what="the file is there")
        eventually(lambda: "Sold." in path.read_text(), within=10, what="the line is written")
        assert process.stderr.readline() == b"The log is written again.\n"
        process.send_signal(signal.SIGKILL)


def test_what_is_lost_is_a_metric() -> None:
    script = (
        "from prometheus_client import generate_latest\n"
        "for n in range(10_000): log.info('Sold.', n=n, note='x' * 200)\n"
        "sys.stderr.write(generate_latest().decode()); sys.stderr.flush()\n"
    )
    with _run(script, {"queue_bytes": 65536, "repeats_per_second": 100_000}) as process:
        assert process.stderr is not None
        text = process.stderr.read().decode()

    (value,) = (line.split()[1] for line in text.splitlines() if line.startswith("threadly_log_lines_dropped_total "))
    assert float(value) > 5000


def test_structlogs_own_way_of_capturing_works() -> None:
    (told,) = _lines(
        "from structlog.testing import capture_logs\n"
        "log.info('warm')\n"
        "with capture_logs() as told: log.info('Sold.', n=1)\n"
        "assert told == [{'event': 'Sold.', 'n': 1, 'log_level': 'info'}], told\n"
    )

    assert told["event"] == "warm"


@pytest.mark.parametrize("odd", ["log.info({'a': 1})", "log.info(['a'])", "log.info('%d', 'a')", "log.info(None, a=1)"])
def test_nothing_that_is_told_can_harm_who_tells_it(odd: str) -> None:
    told = _lines(f"{odd}\nlog.info('Sold.')\n")

    assert told[-1]["event"] == "Sold."


def test_a_logger_finds_its_methods_at_once_after_its_first_line() -> None:
    (told,) = _lines("log.info('Sold.')\nassert {'debug', 'info', 'error'} <= vars(log).keys()\n")

    assert told["event"] == "Sold."
