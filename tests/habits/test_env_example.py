"""The example of an environment has every variable, and is one that Threadly reads."""

import re
from pathlib import Path

from habits import env_example
from threadly.core.config import forms
from threadly.core.config.dotenv import lines
from threadly.core.config.names import Names
from threadly.settings import CONVENTIONAL, Settings, read

TEXT = env_example.text()
NAMES = Names(Settings, prefix="THREADLY_", aliases=CONVENTIONAL)
IN_A_FILE_ONLY = {"THREADLY_SITE__TAGLINE", "THREADLY_SITE__COLOURS"}
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
    assert forms.made_by(NAMES.variables["THREADLY_SECURITY__SECRET"].field) in TEXT
