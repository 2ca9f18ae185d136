"""`threadly config show`: every setting, its value and where it stands."""

import json
from pathlib import Path

import pytest

from tests.commands.asking import asked
from tests.settings.installations import GOOD
from threadly.commands.config import show


def test_a_pipe_gets_a_line_for_each_setting_without_secrets() -> None:
    code, said = asked(GOOD, command=("config", "show"))
    lines = said.splitlines()

    assert code == 0
    assert "THREADLY_DATABASE__URL=postgresql://db.internal/shop  # environment" in lines
    assert "THREADLY_SECURITY__SECRET=********  # environment" in lines
    assert "THREADLY_DATABASE__POOL_SIZE=10  # default" in lines
    for name in ("THREADLY_DATABASE__URL", "THREADLY_CACHE__URL", "THREADLY_SECURITY__SECRET"):
        assert GOOD[name].rpartition("@")[0].rpartition(":")[2] not in said or name == "THREADLY_SECURITY__SECRET"
    assert GOOD["THREADLY_SECURITY__SECRET"] not in said


def test_a_setting_from_a_file_is_shown_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "shop.toml"
    file.write_text("[site]\n\nname = 'Zlato'\n")
    code, said = asked({**GOOD, "THREADLY_CONFIG_FILE": str(file)}, command=("config", "show"))
    assert code == 0
    assert f"THREADLY_SITE__NAME=Zlato  # {file}:3" in said.splitlines()


def test_settings_that_cannot_be_used_are_shown_all_the_same_and_told_by_the_exit_code() -> None:
    code, said = asked({"THREADLY_SITE__NAME": "Zlato", "THREADLY_JOBS__POLL": "SEKRET"}, command=("config", "show"))
    assert code == 2
    assert "THREADLY_SITE__NAME=Zlato  # environment" in said
    assert "THREADLY_DATABASE__URL=  # missing" in said
    assert "things to mend; `threadly check` says which." in said
    assert "SEKRET" not in said


def test_programs_get_a_list() -> None:
    code, said = asked(GOOD, "--json", command=("config", "show"))
    told = {each["variable"]: each for each in json.loads(said)}
    assert code == 0
    assert told["THREADLY_SECURITY__SECRET"] == {
        "variable": "THREADLY_SECURITY__SECRET",
        "value": "********",
        "source": "environment",
        "is_secret": True,
    }


def test_at_a_terminal_it_is_a_table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    assert show() == 0
    said = capsys.readouterr().out
    assert "setting" in said.splitlines()[0]
    assert "THREADLY_SERVER__TRUSTED_PROXIES" in said
