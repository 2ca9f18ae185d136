"""What a person sees, and what a file gets."""

import os
import time

import pytest

from tests.conftest import Lines
from tests.processes import eventually
from threadly.commands.terminal import Beside, Steps, _ToLog, console


def test_steps_are_plain_lines_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with Steps(console()).step("Engines") as step:
        step.doing("creating")
        step.advance(1, 5)
        step.outcome = "both [of them]"
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("✓ Engines        both [of them] 0.0 s")
    assert "\x1b" not in line


def test_what_whoever_looks_on_should_know_stands_above_the_step(capsys: pytest.CaptureFixture[str]) -> None:
    with Steps(console()).step("Migrations") as step:
        step.note("ALTER TABLE a[0] waits for session 7.")
    first, second = capsys.readouterr().out.splitlines()
    assert first == "  ! ALTER TABLE a[0] waits for session 7."
    assert second.startswith("✓ Migrations")


def test_a_step_that_fails_leaves_its_line_and_the_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError, match="no disk"), Steps(console()).step("Engines"):
        raise RuntimeError("no disk")
    assert capsys.readouterr().out == "✗ Engines\n"


def test_a_file_gets_a_line_every_quarter_of_a_long_way(capsys: pytest.CaptureFixture[str]) -> None:
    with Steps(console()).step("Sample data") as step:
        for what, total in (("drawing pictures", 287), ("writing listings", 1), ("nothing", 0)):
            for done in range(total + 1):
                step.doing(what)
                step.advance(done, total)
    assert capsys.readouterr().out.splitlines()[:-1] == [
        "  drawing pictures 72 of 287",
        "  drawing pictures 144 of 287",
        "  drawing pictures 216 of 287",
        "  drawing pictures 287 of 287",
    ]


def test_whoever_says_something_never_waits_for_whoever_reads_it() -> None:
    reads, writes = os.pipe()
    to = Beside(console(), writes)
    began = time.monotonic()
    for number in range(2000):  # more than a pipe and what waits for it hold
        to.print(f"[bold]{number}[/] {'x' * 100}")
    assert time.monotonic() - began < 2
    read = os.read(reads, 1 << 20)
    assert read.startswith(b"0 xxx")
    os.close(reads)
    to.print("nobody is there")
    eventually(lambda: to._said.unfinished_tasks == 0, within=5, what="what cannot be said is let go")
    os.close(writes)


def test_in_a_log_further_lines_are_a_field_and_no_part_of_the_event(lines: Lines) -> None:
    _ToLog().print("[yellow]![/] It is away.\n  Starting all the same.")
    _ToLog().print("It answers.")
    assert lines == [
        {"log_level": "warning", "event": "It is away.", "detail": "Starting all the same."},
        {"log_level": "info", "event": "It answers."},
    ]
