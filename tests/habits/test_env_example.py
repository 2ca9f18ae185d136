"""The example of an environment has every variable, and is one that Threadly reads."""

import os
import re
import subprocess
import sys
from pathlib import Path

from habits import env_example
from threadly.core.config import forms
from threadly.core.config.dotenv import lines
from threadly.core.config.names import Names
from threadly.core.database import DatabaseSettings
from threadly.settings import CONVENTIONAL, Settings, read

TEXT = env_example.text()
NAMES = Names(Settings, prefix="THREADLY_", aliases=CONVENTIONAL)
IN_A_FILE_ONLY = {"THREADLY_SITE__TAGLINE", "THREADLY_SITE__COLOURS"}
URL = (DatabaseSettings.model_fields["url"].examples or [""])[0]
UNFIT = {
    "THREADLY_SECURITY__SECRET": "THREADLY_SECURITY__SECRET=",
    "THREADLY_DATABASE__URL": f"THREADLY_DATABASE__URL={URL}",
}
"""What production refuses of it."""
_SETTING = re.compile(r"(# )?THREADLY_\w+=")


def test_every_variable_stands_there_once_with_an_example_that_can_be_taken() -> None:
    wanted = [line.removeprefix("# ") for line in TEXT.splitlines() if _SETTING.match(line)]
    found = lines("\n".join(wanted), file=".env")

    assert found.mistakes == []
    assert {each.name for each in found.given} == NAMES.variables.keys() - IN_A_FILE_ONLY


def test_a_copy_lacks_nothing_but_the_secret(tmp_path: Path) -> None:
    copy = tmp_path / ".env"
    copy.write_text(TEXT)
    copy.chmod(0o600)
    reading = read({"THREADLY_ENV_FILE": str(copy), "THREADLY_PROFILE": "development"})

    assert [mistake.variable for mistake in reading.mistakes] == ["THREADLY_SECURITY__SECRET"]
    assert "THREADLY_SECURITY__SECRET (" in str(reading.mistakes[0])
    assert ") is empty; it should be " in str(reading.mistakes[0])
    assert forms.made_by(NAMES.variables["THREADLY_SECURITY__SECRET"].field) in TEXT


def test_who_follows_its_head_is_told_what_production_refuses_by_line_and_with_the_command(tmp_path: Path) -> None:
    (tmp_path / ".env.example").write_text(TEXT)
    steps = [line.removeprefix("#   ") for line in TEXT.splitlines() if line.startswith("#   ")]
    refused = shell(tmp_path, *steps)
    assert refused.returncode == 2
    written = (tmp_path / ".env").read_text()
    at = {name: 1 + written.splitlines().index(line) for name, line in UNFIT.items()}
    found = re.findall(r"^  ✗ (\w+) \(\S+/\.env:(\d+)\)", refused.stdout, re.MULTILINE)
    assert {name: int(line) for name, line in found} == at
    assert "2 things to mend. Profile: production." in refused.stdout
    assert ", made by `openssl rand -base64 32`." in refused.stdout
    assert (
        "do: Make another password (`openssl rand -hex 24`): ALTER ROLE … PASSWORD …, and then here." in refused.stdout
    )

    secret, password = (
        subprocess.run(["openssl", "rand", *kind], capture_output=True, text=True, check=True).stdout.strip()
        for kind in (("-base64", "32"), ("-hex", "24"))
    )
    mended = written.replace("__SECRET=\n", f"__SECRET={secret}\n").replace(
        "threadly_serving:password@", f"threadly_serving:{password}@", 1
    )
    (tmp_path / ".env").write_text(mended)
    well = shell(tmp_path, *steps[1:])
    assert (well.returncode, well.stdout.endswith("all is well. Profile: production.\n")) == (0, True), well.stdout


def test_where_the_copy_is_not_read_that_is_told_before_all_that_it_seems_to_lack(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(TEXT)
    said = shell(tmp_path, "THREADLY_PROFILE=production threadly check").stdout.splitlines()
    assert said[2].startswith("There is a .env here, and nothing in it was read: ")
    assert said[2].endswith('export THREADLY_ENV_FILE="$PWD/.env"')


def shell(folder: Path, *lines: str) -> "subprocess.CompletedProcess[str]":
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    script = "\n".join(lines)
    return subprocess.run(["sh", "-c", script], cwd=folder, env={"PATH": path}, capture_output=True, text=True)
