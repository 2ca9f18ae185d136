"""`python -m scan`: a line for each check, and an exit code that no broken tool makes a green one."""

from pathlib import Path

import pytest

from scan import __main__ as command
from scan.verdict import Outcome, ToolBrokenError, Verdict


def test_each_check_has_a_line_and_the_last_one_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["licences", "updates"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[:2]] == [["ok", "licences"], ["ok", "updates"]]
    assert lines[2].startswith("2 well, 0 to mend, 0 not asked, in ")


def test_what_is_no_check_is_refused_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        command.main(["everything"])
    assert refusal.value.code == 2
    assert "there are code, advisories, leaks, licences, sbom, updates" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("outcome", "code"), [(Outcome.OK, 0), (Outcome.NOT_ASKED, 0), (Outcome.FOUND, 1), (Outcome.BROKEN, 1)]
)
def test_only_what_is_found_or_broken_fails(monkeypatch: pytest.MonkeyPatch, outcome: Outcome, code: int) -> None:
    def check(*_: object) -> list[Verdict]:
        if outcome is Outcome.BROKEN:
            raise ToolBrokenError("bandit: gone")
        return [Verdict("code", outcome, "so it is")]

    monkeypatch.setattr(command, "CHECKS", {"code": check})
    assert command.main([]) == code


def test_what_is_found_is_told_below_its_line_with_what_to_do(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert command.main(["updates"], root=tmp_path) == 1
    assert capsys.readouterr().out.splitlines()[:2] == [
        "  FOUND      updates     there is no .github/dependabot.yml",
        "      → nothing would be updated; put it back",
    ]
