"""`./dev`: lists its tasks, refuses what it does not know, and needs nothing but bash for that."""

import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from habits.tree import ROOT

DEV = (ROOT / "dev").read_text(encoding="utf-8")


def dev(*arguments: str, within: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "dev", *arguments], cwd=within, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True
    )


def test_without_a_task_it_lists_all_of_them_at_once() -> None:
    started = time.monotonic()
    said = dev()
    assert time.monotonic() - started < 1
    assert said.returncode == 0
    listed = set(re.findall(r"^  ([a-z]+)", said.stdout, re.MULTILINE))
    known = {name for names in re.findall(r"^  ([a-z |]+)\) kind=", DEV, re.MULTILINE) for name in names.split(" | ")}
    assert listed == known


def test_an_unknown_task_is_refused_with_the_list() -> None:
    said = dev("everything")
    assert said.returncode == 2
    assert "There is no task “everything”." in said.stderr
    assert "./dev TASK" in said.stderr


@pytest.mark.parametrize("asked", [("--help",), ("-h",), ("--quick", "--help")])
def test_the_help_of_the_scanners_is_told_before_anything_is_installed(tmp_path: Path, asked: tuple[str, ...]) -> None:
    for name in ("dev", "tests/pentest/__main__.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    said = dev("pentest", *asked, within=tmp_path)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("`./dev pentest`: ")
    assert set(re.findall(r"--\w+", said.stdout)) == {"--quick", "--reports"}
    assert {each.name for each in tmp_path.iterdir()} == {"dev", "tests"}


def test_the_readme_and_ci_give_the_same_commands() -> None:
    ci = (ROOT / ".ci/run").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in ("./dev check", "./dev scan", "./dev test", "./dev demo --check"):
        assert re.search(rf"^run {command}( --untested)?( \|\||$)", ci, re.MULTILINE), command
    for command in ("./dev demo", "./dev test"):
        assert command in readme, command
