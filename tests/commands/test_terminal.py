"""What a person sees, and what a file gets."""

import pytest

from threadly.commands.terminal import Steps, console


def test_steps_are_plain_lines_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with Steps(console()).step("Engines") as step:
        step.doing("creating")
        step.advance(1, 2)
        step.outcome = "both [of them]"
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("✓ Engines        both [of them] 0.0 s")
    assert "\x1b" not in line


def test_a_step_that_fails_leaves_its_line_and_the_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError, match="no disk"), Steps(console()).step("Engines"):
        raise RuntimeError("no disk")
    assert capsys.readouterr().out == "✗ Engines\n"
