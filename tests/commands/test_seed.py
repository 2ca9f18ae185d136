"""`threadly seed` leaves a shop with something in it alone."""

import asyncio
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.processes import program
from tests.sample.making import a_shop, filled
from threadly.cli import app
from threadly.commands.errors import ShopNotEmpty
from threadly.commands.filling import count
from threadly.core.database import Database


@pytest.mark.usefixtures("stocked")
def test_seed_leaves_a_shop_that_has_listings_as_it_is_and_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(
        ShopNotEmpty, match=r"1 member, 1 picture, 1 listing\).*\nLet THREADLY_DATABASE__URL .* name an empty database"
    ):
        app(["seed", "--listings", "10"], result_action="return_value")
    assert list(tmp_path.rglob("*.webp")) == []
    assert "Drawing" not in capsys.readouterr().out


async def test_seed_announces_nothing_where_this_very_data_was_there_already(
    owner: Database, migrated: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in migrated.items():
        monkeypatch.setenv(name, value)
    await filled(owner, a_shop(10))
    await app.run_async(["seed", "--listings", "10"], result_action="return_value")
    said = capsys.readouterr().out
    assert "this very data was there already" in said
    assert "rawing" not in said


async def test_who_presses_ctrl_c_while_the_shop_is_filled_is_told_that_it_can_be_run_again(
    db: Database, migrated: Mapping[str, str]
) -> None:
    with program("threadly", "seed", "--listings", "10000", environment=migrated) as seeding:
        await asyncio.to_thread(seeding.line, "Drawing pictures")
        code, _ = await asyncio.to_thread(seeding.told, signal.SIGINT, 60)
    assert code == 130
    assert "✗ Sample data\n! Interrupted. Run it again.\n" in "".join(seeding.said)
    assert await count(db) == 0
