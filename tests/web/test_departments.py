import asyncio

import pytest
import time_machine

from tests.conftest import CountStatements
from tests.making import THEN, a_category
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings, DatabaseUnavailable
from threadly.languages import Languages
from threadly.marketplace.catalog import CategoryNotFound, Node
from threadly.settings import SiteSettings
from threadly.web.assets import Assets
from threadly.web.departments import BELIEVED_FOR, Departments
from threadly.web.look import Look
from threadly.web.pages import Pages


@pytest.fixture
def pages() -> Pages:
    return Pages(Look(SiteSettings()), Assets(), Languages(["en", "de"], "IE"))


@pytest.fixture
def departments(db: Database, pages: Pages) -> Departments:
    return Departments(db, pages)


async def test_an_address_leads_to_its_place(db: Database, departments: Departments) -> None:
    leaf = await a_category(db, "women/clothing/dresses")
    spot = (await departments.shelves()).at("women/clothing/dresses")

    assert (spot.place.id, spot.place.depth) == (leaf.id, 3)
    assert [node.path for node in spot.above] == ["women", "women/clothing"]


async def test_an_address_of_nothing_is_not_found(db: Database, departments: Departments) -> None:
    await a_category(db, "women/clothing/dresses")
    shelves = await departments.shelves()
    for path in ("", "dresses", "women/dresses", "women/clothing/dresses/"):
        with pytest.raises(CategoryNotFound):
            shelves.at(path)


async def test_however_many_ask_one_reads(
    db: Database, departments: Departments, count_statements: CountStatements
) -> None:
    async def ask_at_once() -> None:
        await asyncio.gather(*(departments.shelves() for _ in range(20)))

    assert await count_statements(db, ask_at_once()) == 1


async def test_the_tree_is_believed_for_half_a_minute_and_then_read_while_pages_go_on(
    db: Database, departments: Departments
) -> None:
    await a_category(db, "women")
    with time_machine.travel(THEN, tick=False) as now:
        await departments.shelves()
        await a_category(db, "men")
        now.shift(BELIEVED_FOR)
        still = (await departments.shelves()).departments
        anew = await eventually_more_than_one(departments)

    assert [node.path for node in still] == ["women"]
    assert {node.path for node in anew} == {"women", "men"}


async def eventually_more_than_one(departments: Departments) -> tuple[Node, ...]:
    """The departments, once they were read anew."""
    async with asyncio.timeout(5):
        while len(known := (await departments.shelves()).departments) < 2:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
    return known


async def test_without_the_database_pages_go_on_with_what_is_known(db: Database, pages: Pages) -> None:
    await a_category(db, "women")
    lost = Departments(db, pages)
    with time_machine.travel(THEN, tick=False) as now:
        await lost.shelves()
        lost._db = Database(db_nowhere())
        now.shift(BELIEVED_FOR)
        known = await asyncio.gather(*(lost.shelves() for _ in range(20)))

    assert {shelves.departments[0].path for shelves in known} == {"women"}


async def test_nobody_queues_for_a_tree_that_cannot_be_read(pages: Pages) -> None:
    lost = Departments(Database(db_nowhere()), pages)
    refusals = await asyncio.gather(*(lost.shelves() for _ in range(20)), return_exceptions=True)

    assert {type(refusal) for refusal in refusals} == {DatabaseUnavailable}
    assert len({id(refusal) for refusal in refusals}) == 1


def db_nowhere() -> DatabaseSettings:
    """Settings of a database that nobody serves."""
    return DatabaseSettings(url=Secret("postgresql://nobody@127.0.0.1:1/nothing"))


async def test_the_menu_is_known_in_each_language_once_it_was_read(
    db: Database, departments: Departments, pages: Pages
) -> None:
    await a_category(db, "women/clothing/dresses")
    english, german = pages.languages
    assert departments.known_menu(english) is None
    await departments.shelves()

    for language, address in ((english, "/categories/women/clothing"), (german, "/de/categories/women/clothing")):
        menu = departments.known_menu(language)
        assert menu is not None
        assert f'href="{address}/dresses"' in menu.wide
        assert f'href="{address}"' in menu.narrow
