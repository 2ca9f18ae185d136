"""The bill of materials lists all that we pass on, is as its schema wants it, and is the same each time."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from habits.tree import ROOT
from scan import sbom
from scan.excused import read
from scan.licences import VENDORED
from scan.pins import pinned
from scan.verdict import Outcome

PROGRAM = """
import sys
from habits.tree import ROOT
from scan import excused, sbom
sys.stdout.write(sbom.made(ROOT, excused.read().licences))
"""


def made() -> str:
    return sbom.made(ROOT, read().licences)


def test_every_pin_and_every_file_of_the_assets_is_in_it_with_its_licence_or_digest() -> None:
    components = json.loads(made())["components"]
    listed = {f"{one.get('group', '')}/{one['name']}".strip("/"): one for one in components if one["type"] == "library"}
    pins = pinned(ROOT / "requirements/site.txt")
    assert listed.keys() == {*pins, *VENDORED}
    assert {name: one["version"] for name, one in listed.items() if name in pins} == pins
    assert [name for name, one in listed.items() if not one.get("licenses")] == []
    files = {Path(one["name"]).name for one in components if one["type"] == "file"}
    assert files == {path.name for path in (ROOT / sbom.STATIC).iterdir()}
    assert [one["name"] for one in components if one["type"] == "file" and not one["hashes"]] == []


def test_what_wants_what_is_in_it() -> None:
    bom = json.loads(made())
    wanted = {one["ref"]: set(one.get("dependsOn", ())) for one in bom["dependencies"]}
    versions = {name: f"pkg:pypi/{name}@{version}" for name, version in pinned(ROOT / "requirements/site.txt").items()}
    assert versions["msgspec"] in wanted["threadly"]
    assert versions["markupsafe"] in wanted[versions["jinja2"]]
    assert versions["markupsafe"] in wanted[versions["mako"]]
    assert versions["greenlet"] in wanted[versions["sqlalchemy"]]
    reached, waiting = set[str](), ["threadly"]
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.add(one)
            waiting += wanted.get(one, ())
    assert set(versions.values()) - reached == set()


def test_what_is_vendored_is_what_the_build_takes() -> None:
    build = (ROOT / "assets/build.mjs").read_text(encoding="utf-8")
    styles = (ROOT / "assets/site.css").read_text(encoding="utf-8")
    packages = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    taken = {name for name in packages if f'"{name}' in build or re.search(rf'["\']{re.escape(name)}[/"\']', styles)}
    assert taken - {"@tailwindcss/cli"} == set(VENDORED)


def test_another_process_makes_the_same_bytes() -> None:
    texts = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        texts.add(done.stdout)
    assert texts == {made()}


def test_what_the_schema_does_not_want_is_found() -> None:
    right = json.loads(made())
    assert sbom.errors(json.dumps(right)) == []
    for key, value in (("type", "library of sorts"), ("purl", 7), ("licenses", [{"expression": 3}])):
        wrong = {**right, "components": [{**right["components"][0], key: value}, *right["components"][1:]]}
        assert sbom.errors(json.dumps(wrong)) != [], key
    assert sbom.errors(json.dumps({**right, "unheard": "of"})) != []


def test_it_is_written_where_it_is_told(tmp_path: Path) -> None:
    verdict = sbom.check(ROOT, read().licences, tmp_path / "sbom.cdx.json")
    assert verdict.outcome is Outcome.OK
    assert (tmp_path / "sbom.cdx.json").read_text(encoding="utf-8") == made()
