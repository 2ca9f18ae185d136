"""What is hidden comes back as it was, and what is erased is gone."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.core.database.softdelete.lamps import Bulb, Lamp, Room, rows
from threadly.core.database import Database, Tx, softdelete
from threadly.core.database.softdelete import SoftDeleted, with_deleted

MODELS: tuple[type[Room] | type[Lamp] | type[Bulb], ...] = (Room, Lamp, Bulb)


async def kept(db: Database) -> list[list[Any]]:
    """The ids of what anybody sees: rooms, lamps, bulbs."""
    return [[id for (id,) in await rows(db, select(model.id))] for model in MODELS]


async def there(db: Database) -> list[list[Any]]:
    """The ids of all there is."""
    return [[id for (id,) in await rows(db, select(with_deleted(model).id))] for model in MODELS]


EVERY = [[1, 2, 3, 4], [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3]]
KEPT = [[1, 3], [1, 3, 5, 7], [1, 3]]


async def test_what_hangs_on_a_row_is_hidden_with_it_and_comes_back_with_it(house: Database) -> None:
    assert await kept(house) == KEPT
    await house.run(softdelete.delete, Lamp, [7])

    assert await house.run(softdelete.delete, Room, [1, 2, 99]) == [1]
    assert await kept(house) == [[3], [3, 5], []]

    assert await house.run(softdelete.restore, Room, [1, 3, 99]) == [1]
    assert await kept(house) == [[1, 3], [1, 3, 5], [1]], "the lamp that was hidden before stays so, and its bulb"

    assert await house.run(softdelete.restore, Lamp, [7]) == [7]
    assert await kept(house) == KEPT
    assert await there(house) == EVERY


async def test_rows_hidden_at_different_times_come_back_together(house: Database) -> None:
    await house.run(softdelete.delete, Lamp, [1])
    await house.run(softdelete.delete, Lamp, [7])
    assert await house.run(softdelete.restore, Lamp, [1, 7]) == [1, 7]
    assert await kept(house) == KEPT


@pytest.mark.parametrize("change", [softdelete.delete, softdelete.restore, softdelete.erase])
async def test_nothing_is_changed_where_nothing_is_asked(
    house: Database, change: Callable[[Tx, type[SoftDeleted], list[int]], Awaitable[list[Any]]]
) -> None:
    assert await house.run(change, Room, []) == []
    assert await house.run(change, Room, [99]) == []
    assert (await kept(house), await there(house)) == (KEPT, EVERY)


async def test_a_transaction_that_is_undone_hides_and_erases_nothing(house: Database) -> None:
    class ChangedMyMind(Exception):
        pass

    async def change(tx: Tx) -> None:
        await softdelete.delete(tx, Room, [1])
        await softdelete.erase(tx, Lamp, [3])
        raise ChangedMyMind

    with pytest.raises(ChangedMyMind):
        await house.run(change)
    assert (await kept(house), await there(house)) == (KEPT, EVERY)


async def test_a_session_does_not_remember_what_it_has_hidden(house: Database) -> None:
    async def change(tx: Tx) -> None:
        lamp = await tx.get_one(Lamp, 1)
        lamp.name = "renamed"
        await softdelete.delete(tx, Room, [1])
        assert await tx.get(Room, 1) is None
        assert await tx.get(Lamp, 1) is None
        await softdelete.restore(tx, Room, [1])
        assert (await tx.get_one(Lamp, 1)).name == "renamed"
        await softdelete.erase(tx, Lamp, [1])
        assert await tx.get(Lamp, 1) is None

    await house.run(change)


async def test_what_is_erased_is_gone_with_all_that_hangs_on_it_and_each_table_is_told_first(house: Database) -> None:
    Lamp.erased.clear()
    assert await house.run(softdelete.erase, Room, [2, 1]) == [1, 2]
    assert await there(house) == [[3, 4], [5, 6, 8], []]
    assert Lamp.erased == [1, 2, 3, 4, 7]


async def test_what_was_to_go_along_keeps_a_row_from_being_erased_if_it_fails(
    house: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    class StoreIsAway(Exception):
        pass

    async def fail(tx: Tx, ids: list[Any]) -> None:
        every = with_deleted(Lamp)
        assert set(await tx.scalars(select(every.id).where(every.id.in_(ids)))) == set(ids)
        raise StoreIsAway

    monkeypatch.setattr(Lamp, "erasing", fail)
    with pytest.raises(StoreIsAway):
        await house.run(softdelete.erase, Room, [1])
    assert await there(house) == EVERY


async def test_there_may_be_more_ids_than_a_statement_takes_values(house: Database) -> None:
    assert await house.run(softdelete.delete, Room, range(40_000)) == [1, 3]
    assert await house.run(softdelete.restore, Room, range(40_000)) == [1, 2, 3, 4]
