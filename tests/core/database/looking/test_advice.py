"""What a database should have otherwise, for somebody who decides."""

import pytest
from sqlalchemy import text

from threadly.core.database import Database, DatabaseTooSlow
from threadly.core.database.looking import advise


async def test_without_time_nothing_is_copied_and_it_says_so(shop: Database) -> None:
    found = await advise(shop, most_seconds=0)
    assert (found.tables_copied, found.indexes_tried, found.is_cut_short) == (0, 0, True)


async def test_a_table_that_somebody_keeps_everybody_out_of_is_not_waited_for(shop: Database) -> None:
    async with shop.engine.begin() as locking:
        await locking.execute(text("LOCK TABLE lamps"))
        with pytest.raises(DatabaseTooSlow):
            await advise(shop)
