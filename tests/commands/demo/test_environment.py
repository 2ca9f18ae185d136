"""What the demo's processes are told."""

import stat
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr

from threadly.commands.demo.environment import complete, kept_secret
from threadly.settings import Settings


@pytest.mark.parametrize("name", ["DATABASE_URL", "THREADLY_DATABASE__URL"])
def test_what_the_owner_has_set_stays(name: str, tmp_path: Path) -> None:
    given: Mapping[str, str] = {name: "postgresql://theirs", "PATH": "/bin"}
    whole = complete(given, data=tmp_path, database_url=None, cache_url="unix://ours")
    settings = Settings.from_environment(whole)
    assert settings.database.url == SecretStr("postgresql://theirs")
    assert settings.cache.url == SecretStr("unix://ours")
    assert settings.media.folder == tmp_path / "media"
    assert whole["PATH"] == "/bin"


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    place = tmp_path / "secret"
    made = kept_secret(place)
    assert len(made) >= 32
    assert kept_secret(place) == made
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [place]
