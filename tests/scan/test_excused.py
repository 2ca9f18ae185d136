"""An excuse says why, and an accepted advisory until when."""

from datetime import date
from pathlib import Path

import pytest

from scan.excused import Excuse, ReasonMissingError, read


@pytest.mark.parametrize(
    "text",
    [
        '[[code]]\nrule = "B311"\n',
        '[[code]]\nrule = "B311"\nreason = " "\n',
        '[[code]]\nreason = "of nothing"\n',
        '[[leaks]]\nsha256 = "0123"\n',
        '[[licences]]\npackage = "a"\nlicence = "MIT"\n',
        '[[advisories]]\nid = "GHSA-1"\nreason = "not reached"\n',
    ],
    ids=["no reason", "an empty one", "of nothing", "a secret", "a licence", "an advisory for ever"],
)
def test_an_excuse_without_its_reason_or_its_end_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "excused.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ReasonMissingError):
        read(file)


def test_an_accepted_advisory_has_its_last_day(tmp_path: Path) -> None:
    file = tmp_path / "excused.toml"
    file.write_text('[[advisories]]\nid = "GHSA-1"\nreason = "not reached"\nuntil = 2027-01-01\n', encoding="utf-8")
    assert read(file).advisories == (Excuse("GHSA-1", "not reached", until=date(2027, 1, 1)),)


def test_our_own_are_understood() -> None:
    assert read().allowed >= {"MIT", "Apache-2.0"}
