"""The demo's database: filled when it is empty, refused when it is somebody else's."""

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.conftest import database_settings
from tests.making import a_listing
from threadly.commands.demo.prepare import prepare
from threadly.commands.errors import DatabaseNotOurs
from threadly.commands.terminal import Steps
from threadly.core.database import Database
from threadly.core.database.migrate import status
from threadly.migrations import MIGRATIONS
from threadly.settings import Settings


async def test_a_database_with_tables_of_something_else_is_refused_and_stays_as_it_is(
    empty_database_url: str, settings: Settings
) -> None:
    db = Database(database_settings(empty_database_url))
    async with db.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE somebody_elses (id int)"))
    theirs = settings.model_copy(update={"database": database_settings(empty_database_url)})

    with pytest.raises(DatabaseNotOurs, match="holds 1 tables of something else"):
        await prepare(theirs, Steps(), own_database=True, listings=1, seed=1)

    assert (await status(db, MIGRATIONS)).current is None
    await db.close()


async def test_a_database_of_ones_own_with_listings_gets_no_sample_data(
    db: Database, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await a_listing(db)
    prepared = await prepare(settings, Steps(), own_database=True, listings=50, seed=1)
    assert (prepared.listings, prepared.sellers, prepared.first_start) == (1, 1, False)
    assert prepared.some_sellers == ("Мила É",)
    assert "Your database has 1 listing already, so no sample data was added." in capsys.readouterr().out


@pytest.mark.parametrize(("case", "listings", "says"), [("another number", 500, True), ("none", None, False)])
async def test_a_number_of_listings_that_a_filled_shop_cannot_have_is_answered(
    case: str, listings: int | None, says: bool, db: Database, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await a_listing(db)
    prepared = await prepare(settings, Steps(), own_database=False, listings=listings, seed=1)
    assert prepared.listings == 1, case
    line = "  The shop has 1 listing already, and keeps them; name another folder with --data for one of 500.\n"
    assert capsys.readouterr().out == (line if says else "")


BOATS = """
[[departments]]
name = "Boats"
groups = [{ name = "Sails", leaves = ["Jibs"] }]
"""


@pytest.mark.parametrize(
    ("listings", "says"),
    [(None, "There is no sample for any category of this catalogue"), (0, "The shop starts empty.")],
)
async def test_a_shop_for_which_there_is_no_sample_or_none_is_wanted_starts_empty(
    listings: int | None,
    says: str,
    db: Database,
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "catalogue/categories.toml").write_text(BOATS, encoding="utf-8")
    site = settings.site.model_copy(update={"folder": tmp_path})
    own = settings.model_copy(update={"site": site})

    prepared = await prepare(own, Steps(), own_database=False, listings=listings, seed=1)
    assert (prepared.listings, prepared.sellers, prepared.first_start) == (0, 0, False)
    assert says in capsys.readouterr().out
