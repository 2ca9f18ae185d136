"""Each extra is enough for what it promises, and brings nothing of the others, in an environment with nothing else."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from habits.extras import FOREIGN, IMPORT_ALL, PROMISES
from habits.tree import ROOT

UV = Path(sys.executable).with_name("uv")


def uv(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    return subprocess.run([UV, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True)


def install(environment: Path, extra: str) -> None:
    """What the extra asks for, at the versions that are pinned; from uv's own cache where it has them."""
    made = uv("venv", "--quiet", "--clear", "--python", sys.executable, str(environment))
    assert made.returncode == 0, made.stderr
    if not extra:
        return
    wanted = ["--python", str(environment), "--requirements", "pyproject.toml", "--extra", extra]
    pinned = ["pip", "install", "--quiet", "--constraint", "requirements/site.txt", *wanted]
    installed = uv(*pinned, "--offline")
    if installed.returncode != 0:
        installed = uv(*pinned)
    assert installed.returncode == 0, installed.stderr


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where each environment is made anew: what one has compiled there, the next need not compile."""
    return tmp_path_factory.mktemp("extras")


@pytest.mark.parametrize("extra", PROMISES)
def test_an_extra_is_enough_for_its_packages_and_brings_no_others(extra: str, place: Path) -> None:
    install(place / "env", extra)
    found = subprocess.run(
        [place / "env/bin/python", "-W", "error", "-c", IMPORT_ALL, *PROMISES[extra], ",".join(FOREIGN[extra])],
        env={
            "PYTHONPATH": str(ROOT / "src"),
            "PATH": os.environ["PATH"],
            "PYTHONPYCACHEPREFIX": str(place / "compiled"),
        },
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.split() == []


def test_every_extra_promises_something() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {*project["optional-dependencies"], ""} == PROMISES.keys()
    assert PROMISES.keys() == FOREIGN.keys()
    assert project["dependencies"] == []
