"""What a person sees, and what a file gets."""

import pytest

from threadly.commands.terminal import Steps, console


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
