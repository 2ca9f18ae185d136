"""The real pip-audit and npm find what a service tells of; one that can not be asked is no proof, and no failure."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from scan import advisories
from scan.advisories import Service, Snapshot
from scan.excused import Excuse
from scan.verdict import Outcome, ToolBrokenError, Verdict
from tests.processes import needed
from tests.scan.advisory_service import KNOWN_ASSET, KNOWN_PYTHON, serving

TODAY = date(2026, 11, 27)
NOBODY = Service(osv="http://127.0.0.1:9/v1/query", npm="http://127.0.0.1:9")
BAD = {"planted": "1.0", "planted-asset": "2.0.0"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two Python packages and two assets; one of each is going to be bad."""
    (tmp_path / "requirements").mkdir()
    pins = "".join(f"{name}==1.0 \\\n    --hash=sha256:{'0' * 64}\n" for name in ("honest", "planted"))
    (tmp_path / "requirements/site.txt").write_text(pins, encoding="utf-8")
    assets = {"honest-asset": "1.0.0", "planted-asset": "2.0.0"}
    about = {"name": "a", "version": "1.0.0"}
    (tmp_path / "package.json").write_text(json.dumps({**about, "devDependencies": assets}), encoding="utf-8")
    packages: dict[str, object] = {"": {**about, "devDependencies": assets}}
    packages |= {f"node_modules/{name}": {"version": version, "dev": True} for name, version in assets.items()}
    lock = {**about, "lockfileVersion": 3, "requires": True, "packages": packages}
    (tmp_path / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    return tmp_path


@pytest.fixture
def npm() -> None:
    """Is there, to be asked."""
    if shutil.which("npm") is None:
        pytest.skip(needed("npm", "apt-get install npm"))


def asked(folder: Path, service: Service, *excuses: Excuse, day: date = TODAY) -> tuple[Verdict, Verdict]:
    python, assets = advisories.check(folder, excuses, today=day, snapshot=folder / "kept.json", service=service)
    return python, assets


@pytest.mark.usefixtures("npm")
def test_a_planted_vulnerability_is_found_in_python_and_in_the_assets(folder: Path) -> None:
    with serving(bad=BAD) as service:
        python, assets = asked(folder, service)
    assert (python.outcome, python.details) == (Outcome.FOUND, [f"planted==1.0: {KNOWN_PYTHON} (mended in 99.0)"])
    assert (assets.outcome, assets.details) == (Outcome.FOUND, [f"planted-asset==2.0.0: {KNOWN_ASSET} (high)"])


@pytest.mark.usefixtures("npm")
def test_where_nothing_is_known_and_all_was_answered_it_is_well(folder: Path) -> None:
    with serving(bad={"planted": "0.9"}) as service:
        python, assets = asked(folder, service)
    assert [python.outcome, assets.outcome] == [Outcome.OK, Outcome.OK]
    assert python.summary == "no known vulnerability in 2 packages"


@pytest.mark.usefixtures("npm")
def test_a_service_that_can_not_be_reached_proves_nothing_and_fails_nothing(folder: Path) -> None:
    for verdict in asked(folder, NOBODY):
        assert (verdict.outcome, verdict.passes) == (Outcome.NOT_ASKED, True)
        assert verdict.summary == "2 of 2 packages: its service can not be reached from here; no snapshot from before"


@pytest.mark.usefixtures("npm")
def test_what_was_answered_before_is_judged_again_with_its_day(folder: Path) -> None:
    with serving(bad={}) as service:
        asked(folder, service)
    for verdict in asked(folder, NOBODY, day=TODAY + timedelta(days=9)):
        assert verdict.outcome is Outcome.NOT_ASKED
        assert verdict.summary.endswith("nothing known of 2 on 2026-11-27")
    with serving(bad=BAD) as service:
        asked(folder, service, day=TODAY + timedelta(days=10))
    for verdict in asked(folder, NOBODY, day=TODAY + timedelta(days=11)):
        assert (verdict.outcome, verdict.passes) == (Outcome.FOUND, False)
        assert verdict.summary == "1 known vulnerabilities, by what was known on 2026-12-07"


def test_a_package_that_an_index_knows_nothing_of_was_not_asked(folder: Path) -> None:
    answered = advisories.of_report(
        [
            {"name": "honest", "version": "1.0", "vulns": []},
            {"name": "planted", "skip_reason": "Dependency not found on PyPI and could not be audited: planted (1.0)"},
        ]
    )
    assert answered == {"honest==1.0": []}


@pytest.mark.usefixtures("npm")
def test_an_accepted_advisory_is_let_off_until_its_day(folder: Path) -> None:
    accepted = [
        Excuse(one, "not reached from our code", until=TODAY + timedelta(days=1)) for one in (KNOWN_PYTHON, KNOWN_ASSET)
    ]
    with serving(bad=BAD) as service:
        before = asked(folder, service, *accepted)
        after = asked(folder, service, *accepted, day=TODAY + timedelta(days=1))
    assert [verdict.outcome for verdict in before] == [Outcome.OK, Outcome.OK]
    assert [verdict.outcome for verdict in after] == [Outcome.FOUND, Outcome.FOUND]


def test_a_tool_that_fails_for_another_reason_is_broken(folder: Path) -> None:
    (folder / "requirements/site.txt").write_text("planted==1.0 ;; nonsense\n", encoding="utf-8")
    with pytest.raises(ToolBrokenError, match="pip-audit"):
        asked(folder, NOBODY)


def test_where_nothing_is_pinned_nothing_is_proved(folder: Path) -> None:
    lock = (folder / "package-lock.json").rename(folder / "elsewhere.json")
    with pytest.raises(ToolBrokenError, match=r"package-lock\.json"):
        asked(folder, NOBODY)
    lock.rename(folder / "package-lock.json")
    for text in ("planted>=1.0\n", ""):
        (folder / "requirements/site.txt").write_text(text, encoding="utf-8")
        with pytest.raises(ToolBrokenError, match=r"nothing is pinned in requirements/site\.txt"):
            asked(folder, NOBODY)
    (folder / "requirements/site.txt").unlink()
    with pytest.raises(ToolBrokenError, match="nothing is pinned"):
        asked(folder, NOBODY)


def test_the_snapshot_forgets_nothing_of_what_still_is_pinned(folder: Path) -> None:
    with serving(bad=BAD) as service:
        asked(folder, service)
    known = Snapshot.read(folder / "kept.json").of("pip-audit", frozenset({"planted==1.0", "planted==1.1"}))
    assert known == {"planted==1.0": ("2026-11-27", [f"{KNOWN_PYTHON} (mended in 99.0)"])}
