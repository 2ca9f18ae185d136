"""bandit finds what is planted, and a line is let off for a written reason only."""

from pathlib import Path

import pytest

from habits.tree import ROOT
from scan import code
from scan.excused import Excuse, read
from scan.verdict import Outcome, ToolBrokenError, Verdict

_SHELL = "import subprocess\n\n\ndef told(name: str) -> None:\n    subprocess.run(f'ls {name}', shell=True)"


def scanned(folder: Path, text: str, *excuses: Excuse) -> Verdict:
    (folder / "src").mkdir()
    (folder / "src/planted.py").write_text(text + "\n", encoding="utf-8")
    return code.check(folder, [*excuses], ["src"])


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("B602", _SHELL),
        ("B608", "def of(name: str) -> str:\n    return f\"SELECT * FROM members WHERE name = '{name}'\""),
        ("B324", "import hashlib\n\nDIGEST = hashlib.md5(b'a password')"),
        ("B501", "import requests\n\n\ndef get(url: str) -> None:\n    requests.get(url, verify=False, timeout=1)"),
        ("B506", "import yaml\n\n\ndef read(text: str) -> object:\n    return yaml.load(text)"),
        ("B307", "def sum_of(text: str) -> object:\n    return eval(text)"),
    ],
    ids=["a shell", "SQL from text", "a weak hash", "TLS unchecked", "YAML that runs", "eval"],
)
def test_a_planted_flaw_is_found_with_its_place(tmp_path: Path, rule: str, text: str) -> None:
    verdict = scanned(tmp_path, text)
    assert verdict.outcome is Outcome.FOUND
    assert [line for line in verdict.details if line.startswith("src/planted.py:") and f" {rule} " in line]


@pytest.mark.parametrize(
    ("comment", "outcome"),
    [
        ("# noqa: S602 - the name is ours", Outcome.OK),
        ("# noqa: S602  the name is ours", Outcome.OK),
        ("# nosec B602 - the name is ours", Outcome.OK),
        ("# noqa: S602", Outcome.FOUND),
        ("# nosec", Outcome.FOUND),
        ("# nosec B602", Outcome.FOUND),
        ("# noqa: S608 - about something else", Outcome.FOUND),
    ],
)
def test_a_line_is_let_off_by_its_rule_and_a_reason(tmp_path: Path, comment: str, outcome: Outcome) -> None:
    module = Excuse("B404", "a module is no call", "src/")
    assert scanned(tmp_path, f"{_SHELL}  {comment}", module).outcome is outcome


def test_what_holds_for_a_folder_is_excused_there_and_only_there(tmp_path: Path) -> None:
    text = "import random\n\nPRICE = random.random()"
    assert scanned(tmp_path, text, Excuse("B311", "drawn for a picture", "src/")).outcome is Outcome.OK
    elsewhere = code.check(tmp_path, [Excuse("B311", "drawn for a picture", "lib/")], ["src"])
    assert elsewhere.outcome is Outcome.FOUND
    assert elsewhere.details[-1] == "excused.toml: B311 in lib/ excuses nothing"


def test_a_file_that_can_not_be_read_and_a_folder_that_is_not_there_are_no_proof(tmp_path: Path) -> None:
    with pytest.raises(ToolBrokenError):
        scanned(tmp_path, "def broken(:")
    with pytest.raises(ToolBrokenError):
        code.check(tmp_path, [], ["lib"])


def test_our_own_code_has_nothing_open() -> None:
    verdict = code.check(ROOT, read().code)
    assert (verdict.outcome, verdict.details) == (Outcome.OK, ())
