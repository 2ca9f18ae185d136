"""To whom tables belong, as each role sees it."""

from tests.conftest import database_settings
from threadly.core.database import Database
from threadly.core.database.ownership import ownership
from threadly.tables import TABLES


async def test_whoever_owns_the_tables_may_migrate_and_whoever_serves_may_look(db: Database, owner: Database) -> None:
    async with owner.read() as read:
        owning = await ownership(read, TABLES)
    async with db.read() as read:
        serving = await ownership(read, TABLES)
    assert (owning.role, owning.owner, owning.may_migrate) == ("threadly", "threadly", True)
    assert (serving.role, serving.may_look, serving.may_migrate) == ("threadly_serving", True, False)
    assert list(serving.owners_of_others) == ["threadly"] * len(TABLES)
    assert owning.place == serving.place


async def test_an_empty_database_is_another_place_and_belongs_to_nobody(empty_database_url: str, db: Database) -> None:
    empty = Database(database_settings(empty_database_url))
    async with empty.read() as read:
        bare = await ownership(read, TABLES)
    await empty.close()
    async with db.read() as read:
        assert (await ownership(read, TABLES)).place != bare.place
    assert (bare.owner, bare.owners_of_others, bare.may_migrate) == (None, [], True)
