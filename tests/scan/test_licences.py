"""A package whose licence is not on the list, not understood, or not the whole truth, is told."""

import json
from pathlib import Path

import pytest

from habits.tree import ROOT
from scan import licences
from scan.excused import Excuse, read
from scan.verdict import Outcome, Verdict

ALLOWED = frozenset({"MIT", "Apache-2.0", "BSD-3-Clause"})


def planted(folder: Path, monkeypatch: pytest.MonkeyPatch, *fields: str, text: str = "") -> None:
    """A package that is installed, as importlib.metadata sees it, and pinned."""
    place = folder / "planted-1.0.dist-info"
    place.mkdir()
    (place / "METADATA").write_text(
        "\n".join(["Metadata-Version: 2.4", "Name: planted", "Version: 1.0", *fields]) + "\n"
    )
    (place / "LICENSE").write_text(text)
    (place / "RECORD").write_text("planted-1.0.dist-info/METADATA,,\nplanted-1.0.dist-info/LICENSE,,\n")
    (folder / "requirements").mkdir()
    (folder / "requirements/site.txt").write_text("planted==1.0 \\\n    --hash=sha256:00\n")
    monkeypatch.syspath_prepend(str(folder))


def scanned(folder: Path, *excuses: Excuse) -> Verdict:
    return licences.check(folder, [*excuses], ALLOWED)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (["License-Expression: GPL-3.0-only"], "planted: GPL-3.0-only is not on the list"),
        (["License-Expression: MIT AND AGPL-3.0-or-later"], "planted: MIT AND AGPL-3.0-or-later is not on the list"),
        (
            ["License-Expression: Apache-2.0 WITH LLVM-exception"],
            "planted: Apache-2.0 WITH LLVM-exception is not on the list",
        ),
        (["License: Proprietary"], "planted: no licence that is understood"),
        (["Classifier: License :: OSI Approved :: BSD License"], "planted: no licence that is understood"),
        ([], "planted: no licence that is understood"),
    ],
    ids=["not allowed", "a part not allowed", "with an exception", "in own words", "one of several", "none"],
)
def test_a_planted_package_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fields: list[str], told: str
) -> None:
    planted(tmp_path, monkeypatch, *fields)
    verdict = scanned(tmp_path)
    assert (verdict.outcome, list(verdict.details)) == (Outcome.FOUND, [told])


@pytest.mark.parametrize(
    "fields",
    [
        ["License-Expression: GPL-2.0-only OR MIT"],
        ["License: MIT"],
        ["License: MIT License"],
        ["Classifier: License :: OSI Approved :: MIT License"],
    ],
)
def test_what_may_be_passed_on_is_let_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fields: list[str]) -> None:
    planted(tmp_path, monkeypatch, *fields)
    assert scanned(tmp_path).outcome is Outcome.OK


def test_a_wheel_that_has_more_in_it_than_its_metadata_say_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted(tmp_path, monkeypatch, "License-Expression: MIT", text="libplanted: GNU General Public License, version 2")
    verdict = scanned(tmp_path)
    assert verdict.outcome is Outcome.FOUND
    assert "General Public License, version 2 (LICENSE)" in verdict.details[0]
    assert scanned(tmp_path, Excuse("planted", "read by us", licence="MIT AND GPL-2.0-only")).outcome is Outcome.OK


def test_metadata_of_another_version_prove_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planted(tmp_path, monkeypatch, "License: MIT")
    (tmp_path / "requirements/site.txt").write_text("planted==2.0\n")
    assert scanned(tmp_path).details == ["planted: no licence that is understood"]


def test_what_is_vendored_is_told_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planted(tmp_path, monkeypatch, "License: MIT")
    packages = {f"node_modules/{name}": {"license": "MIT"} for name in licences.VENDORED}
    packages["node_modules/htmx.org"] = {"license": "SSPL-1.0"}
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": packages}))
    assert scanned(tmp_path).details == ["htmx.org: SSPL-1.0 is not on the list"]


def test_classifiers_that_name_two_licences_leave_the_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("MIT License", "Apache Software License")
    planted(tmp_path, monkeypatch, *(f"Classifier: License :: OSI Approved :: {name}" for name in names))
    assert licences.of_installed("planted", "1.0") == "Apache-2.0 OR MIT"


def test_all_that_we_pass_on_may_be_passed_on() -> None:
    excuses = read()
    verdict = licences.check(ROOT, excuses.licences, excuses.allowed)
    assert (verdict.outcome, list(verdict.details)) == (Outcome.OK, [])
