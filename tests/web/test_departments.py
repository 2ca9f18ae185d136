import asyncio
from datetime import timedelta

import pytest
import time_machine

from tests.conftest import CountStatements
from tests.making import THEN, a_category
from threadly.core.database import Database
from threadly.marketplace.catalog import CategoryNotFound
from threadly.settings import SiteSettings
from threadly.web.assets import Assets
from threadly.web.departments import BELIEVED_FOR, Departments
from threadly.web.pages import Pages


@pytest.fixture
def departments(db: Database) -> Departments:
    return Departments(db, Pages(SiteSettings(), Assets()))


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


async def test_the_tree_is_believed_for_half_a_minute(db: Database, departments: Departments) -> None:
    await a_category(db, "women")
    with time_machine.travel(THEN, tick=False) as now:
        await departments.shelves()
        await a_category(db, "men")
        now.shift(BELIEVED_FOR - timedelta(milliseconds=1))
        still = (await departments.shelves()).departments
        now.shift(timedelta(milliseconds=1))
        anew = (await departments.shelves()).departments

    assert [node.path for node in still] == ["women"]
    assert {node.path for node in anew} == {"women", "men"}


async def test_the_menu_is_known_once_it_was_read(db: Database, departments: Departments) -> None:
    await a_category(db, "women/clothing/dresses")
    assert departments.known_menu() == ""
    await departments.shelves()

    assert 'href="/categories/women/clothing/dresses"' in departments.known_menu()
