"""`threadly check`: who knows nothing of Threadly starts a shop with nothing but its report."""

import json
import os
import re
import subprocess
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.commands.asking import asked
from tests.engines import EngineUrls
from tests.processes import program
from tests.settings.installations import GOOD
from threadly.commands.check import check


def test_settings_where_all_is_well_are_said_to_be_so() -> None:
    code, said = asked(GOOD)
    assert code == 0
    by_default = settings() - len(GOOD)
    assert said == f"✓ {len(GOOD)} settings given, {by_default} by default; all is well. Profile: production.\n"


def settings() -> int:
    return len(json.loads(asked(GOOD, "--json", command=("config", "show"))[1]))


def test_a_warning_is_told_under_its_section_and_by_the_exit_code() -> None:
    code, said = asked({**GOOD, "THREADLY_AUTH__SESSION_LONGEST": "P400D"})
    assert code == 1
    assert "\nAuth\n  ! THREADLY_AUTH__SESSION_LONGEST (environment): a session outlives a year." in said
    assert "\n    do: THREADLY_AUTH__SESSION_LONGEST=180d\n" in said


def test_all_mistakes_are_told_under_their_sections_with_what_would_mend_them() -> None:
    code, said = asked({"THREADLY_SITE__CURRENCY": "SEKRET", "THREADLY_SIET__NAME": "SEKRET"})
    assert code == 2
    assert said.startswith("✗ Threadly does not start like this: 9 things to mend. Profile: production.\n")
    for section in ("Database", "Cache", "Media", "Security", "Site", "Server", "Names and files"):
        assert f"\n{section}\n  ✗ THREADLY_" in said
    assert "did you mean THREADLY_SITE__NAME?" in said
    assert "\n  export THREADLY_SITE__CURRENCY='EUR'\n" in said
    assert "SEKRET" not in said


def test_where_a_file_cannot_be_read_that_is_told_first_and_nothing_is_called_missing(tmp_path: Path) -> None:
    file = tmp_path / "shop.toml"
    file.write_text("[database\n")
    code, said = asked({"THREADLY_CONFIG_FILE": str(file), "THREADLY_SITE__CURRENCY": "SEKRET"})
    assert code == 2
    assert said.startswith(
        f"✗ Threadly does not start like this: 2 things to mend. Profile: unknown.\n\nNames and files\n  ✗ {file}: "
    )
    assert "\nSite\n  ✗ THREADLY_SITE__CURRENCY" in said
    assert "missing" not in said
    assert "This would do" not in said


def test_programs_are_told_the_same() -> None:
    code, said = asked({}, "--json")
    told = json.loads(said)
    assert code == 2
    assert told["profile"] == "production"
    assert {"THREADLY_DATABASE__URL", "THREADLY_SITE__URL"} <= {mistake["variable"] for mistake in told["mistakes"]}
    assert all(
        mistake["example"] or mistake["rule"] for mistake in told["mistakes"] if "SECRET" not in mistake["variable"]
    )


def test_at_a_terminal_it_has_colours(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert check() == 0
    assert "\x1b[32m✓" in capsys.readouterr().out


def test_who_knows_nothing_starts_production_with_nothing_but_the_report(
    database_url: str, engine_urls: EngineUrls, tmp_path: Path
) -> None:
    code, report = asked({})
    assert code == 2
    lines = [line.strip() for line in report.splitlines() if line.startswith("  export ")]
    theirs = {
        "postgresql://threadly_serving:password@127.0.0.1:5432/threadly": database_url,
        "redis://127.0.0.1:6379/0": engine_urls.cache_url,
        "/var/lib/threadly/media": str(tmp_path),
    }
    script = "\n".join(lines)
    for example, own in theirs.items():
        assert example in script
        script = script.replace(example, own)
    shell = subprocess.run(
        ["bash", "-c", f"{script}\nenv -0"],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"]},
    )
    environment = dict(pair.split("=", 1) for pair in shell.stdout.split("\0") if pair.startswith("THREADLY_"))

    code, report = asked(environment)
    assert code in {0, 1}, report
    serve = ("threadly", "serve", "--port", "0", "--workers", "1")
    with program(
        *serve, environment={**environment, "THREADLY_PROFILE": "production", "THREADLY_LIMITS__WIDENED": "1"}
    ) as server:
        found = re.search(r"http://[^\s,]+", server.line("answers"))
        assert found is not None
        with urlopen(f"{found[0]}/livez", timeout=5) as answer:
            assert answer.status == 200
