"""What the demo's processes are told."""

import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.embedded.trees import unchanged
from threadly.commands.demo.environment import at_site, by_owner, complete, kept_environment, kept_secret
from threadly.core.config import Secret
from threadly.embedded import DataNotUsable
from threadly.settings import Settings, site_from_environment


@pytest.mark.parametrize("name", ["DATABASE_URL", "THREADLY_DATABASE__URL"])
def test_what_the_owner_has_set_stays(name: str, tmp_path: Path) -> None:
    given: Mapping[str, str] = {name: "postgresql://theirs", "PATH": "/bin"}
    whole = complete(given, data=tmp_path, database_url=None, cache_url="unix://ours")
    settings = Settings.from_environment(whole)
    assert settings.database.url == Secret("postgresql://theirs")
    assert settings.cache.url == Secret("unix://ours")
    assert settings.media.folder == tmp_path / "media"
    assert whole["PATH"] == "/bin"
    assert settings.observability.ops.listen == "127.0.0.1:0", "several demos run on one machine"


def test_commands_in_another_terminal_find_the_shop_by_a_file_that_is_private(tmp_path: Path) -> None:
    name = 'Mila\'s "other" \\shop $5'
    given = {"REDIS_URL": "redis://theirs", "THREADLY_SITE__NAME": name, "PATH": "/bin"}
    place = tmp_path / "env"
    whole = complete(given, data=tmp_path, database_url="postgresql://serving@/d?host=/run", cache_url=None)
    kept_environment(place, by_owner(whole, "postgresql://owner@/d?host=/run"))
    read = Settings.from_environment({"THREADLY_ENV_FILE": str(place)})
    assert read == Settings.from_environment(by_owner(whole, "postgresql://owner@/d?host=/run"))
    assert read.database.owner_url == Secret("postgresql://owner@/d?host=/run")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert "PATH" not in place.read_text()


def test_the_site_is_where_it_is_served_unless_the_owner_says_otherwise(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('url = "https://shop.example"')
    served = "http://127.0.0.1:8123"

    assert site_from_environment(at_site({}, None, served)).url == served
    assert site_from_environment(at_site({}, tmp_path, served)).url == served
    owners = {"THREADLY_SITE__URL": "https://theirs.example"}
    assert site_from_environment(at_site(owners, tmp_path, served)).url == "https://theirs.example"


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    place = tmp_path / "secret"
    made = kept_secret(place)
    assert len(made) >= 32
    assert kept_secret(place) == made
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [place]


def test_a_secret_that_others_could_read_is_made_private(tmp_path: Path) -> None:
    place = tmp_path / "secret"
    place.write_text("s" * 32 + "\n")
    place.chmod(0o644)
    assert kept_secret(place) == "s" * 32
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "\n", "s" * 31 + "\n"])
def test_a_file_without_a_secret_is_named_and_left_alone(text: str, tmp_path: Path) -> None:
    place = tmp_path / "secret"
    place.write_text(text)
    with unchanged(tmp_path), pytest.raises(DataNotUsable, match=f"{place} holds no secret of at least 32 characters"):
        kept_secret(place)


def test_a_link_in_the_place_of_the_secret_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("p" * 32)
    (tmp_path / "secret").symlink_to(tmp_path / "precious")
    with unchanged(tmp_path), pytest.raises(DataNotUsable, match="not a regular file"):
        kept_secret(tmp_path / "secret")
