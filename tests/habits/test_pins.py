"""requirements/*.txt pin what pyproject.toml and the .in files ask for: exactly, by hash, the same everywhere."""

import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from habits.tree import ROOT

FOLDER = ROOT / "requirements"
FILES = ("site", "build", "dev")


def pins(name: str) -> dict[str, str]:
    """The pinned versions of a file, by canonical name; asserts that each is exact and has hashes."""
    return pinned(FOLDER / f"{name}.txt")


def pinned(file: Path) -> dict[str, str]:
    """The same of any such file."""
    found: dict[str, str] = {}
    text = file.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            requirement = Requirement(line.split(" --hash")[0])
            exact = re.fullmatch(r"==([^,*]+)", str(requirement.specifier))
            assert exact, line[:80]
            assert "--hash=sha256:" in line, line[:80]
            found[canonicalize_name(requirement.name)] = exact[1]
    return found


def asked(name: str) -> Iterator[Requirement]:
    """What the sources of a file ask for directly."""
    if name in {"site", "dev"}:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        for requirement in map(Requirement, chain.from_iterable(project["optional-dependencies"].values())):
            if requirement.name != "threadly":
                yield requirement
    for source in {"build": ["build"], "dev": ["build", "dev"]}.get(name, []):
        for line in (FOLDER / f"{source}.in").read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "-r")):
                yield Requirement(line)


@pytest.mark.parametrize("name", FILES)
def test_all_that_is_asked_for_is_pinned_within_its_bounds(name: str) -> None:
    pinned = pins(name)
    for requirement in asked(name):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement} is not in {name}.txt: run ./dev lock"
        assert requirement.specifier.contains(version), f"{requirement}, but {name}.txt has {version}: run ./dev lock"


def test_the_files_agree_on_every_version() -> None:
    everything = pins("dev")
    for name in ("site", "build"):
        assert pins(name).items() <= everything.items(), name


def test_a_dependency_that_nobody_asks_for_any_more_has_no_pin() -> None:
    for name in FILES:
        text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
        direct = {
            canonicalize_name(block.partition("==")[0])
            for block in re.split(r"\n(?=\w)", text)
            if "==" in block and re.search(r"# (via |  )(threadly \(pyproject|-r requirements/)", block)
        }
        assert direct == {canonicalize_name(requirement.name) for requirement in asked(name)}, name


@pytest.mark.parametrize(
    "file", sorted((ROOT / "examples").glob("*/requirements.txt")), ids=lambda file: file.parent.name
)
def test_an_example_pins_what_it_asks_for_and_what_it_shares_with_us_alike(file: Path) -> None:
    found = pinned(file)
    asked = file.with_suffix(".in").read_text(encoding="utf-8").splitlines()
    wanted = {canonicalize_name(line) for line in asked if not line.startswith("#")}
    assert wanted <= found.keys()
    everything = pins("dev")
    assert {name: everything[name] for name in found.keys() & everything.keys()} == {
        name: version for name, version in found.items() if name in everything
    }
    assert "://" not in file.read_text(encoding="utf-8")


def test_the_scanners_are_pinned_apart_from_us() -> None:
    file = FOLDER / "pentest.txt"
    wanted = [line for line in file.with_suffix(".in").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    assert {canonicalize_name(line) for line in wanted} <= pinned(file).keys()
    assert not {"sqlmap", "wapiti3"} & pins("dev").keys()
    assert "://" not in file.read_text(encoding="utf-8")
