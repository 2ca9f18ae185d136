"""However a list is asked for, PostgreSQL reads it from an index, in order, and never looks through all listings."""

from collections.abc import AsyncIterator, Iterator
from itertools import product
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from tests.conftest import cloned, database_settings
from tests.engines import EngineUrls
from tests.making import THEN, a_category, a_listing
from threadly.app import create
from threadly.core.database import Database
from threadly.core.database.explaining import generic_plan
from threadly.core.database.guard import guarding, scans, watched
from threadly.marketplace.storefront import Rail, Sort
from threadly.marketplace.storefront.details import _DETAIL, _PICTURES, _near
from threadly.marketplace.storefront.facets import _statement as _counted
from threadly.marketplace.storefront.lists import ORDERS, _page
from threadly.marketplace.storefront.meaning import _statement as _meaning
from threadly.marketplace.storefront.ranking import _page as _ranked
from threadly.marketplace.storefront.wardrobes import _page as _rail
from threadly.wiring import Services

LISTINGS = 20_000

FILL = f"""
insert into listings (id, seller_id, department_id, group_id, category_id, condition, status, title, description,
                      price_minor, currency, created_at, updated_at, published_at)
select gen_random_uuid(), seller_id, l.department_id, l.group_id, l.category_id, condition, status, title, description,
       100 + (i * 7919) % 20000, currency, created_at, updated_at, published_at - i * interval '1 minute'
from generate_series(1, {LISTINGS}) i
join (select *, row_number() over (order by id) - 1 as n from listings) l on l.n = i % 4
"""

SHAPES = [
    frozenset(chosen)
    for chosen in ((), ("lowest",), ("highest",), ("lowest", "highest"), ("after",), ("lowest", "highest", "after"))
]


@pytest.fixture(scope="module")
async def crowded_url(engine_urls: EngineUrls, migrated_template: str) -> AsyncIterator[str]:
    """Twenty thousand listings in four leaves: one database for all tests here, which only look."""
    async with cloned(engine_urls.database_url, migrated_template) as url:
        db = Database(database_settings(url))
        for leaf in ("women/clothing/dresses", "women/shoes/boots", "men/shoes/boots", "men/clothing/shirts"):
            await a_listing(db, category=leaf)
        await db.close()
        connection = await asyncpg.connect(url)
        await connection.execute(FILL)
        await connection.execute(
            "insert into listing_pictures select l.id, 1, p.id, '' from listings l, (select id from pictures limit 1) p"
            " on conflict do nothing"
        )
        await connection.execute("analyze")
        await connection.close()
        yield url


@pytest.fixture
def database_url(crowded_url: str) -> str:
    """The crowded one, for all that a test here opens."""
    return crowded_url


@pytest.fixture
async def crowded(database_url: str) -> Any:  # noqa: ANN401 - asyncpg is untyped
    """A raw connection to it."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


AFTER = {"published_at": THEN, "price_minor": 50_00, "favourites": 3}


def _lists() -> Iterator[tuple[Sort, int | None, frozenset[str]]]:
    yield from product(ORDERS, (None, 1, 2, 3), SHAPES)


async def test_every_list_is_read_from_an_index(crowded: asyncpg.Connection, db: Database) -> None:
    place = await a_category(db, "women/shoes/boots")
    listing = await crowded.fetchrow("select id from listings limit 1")
    given = {"lowest": 5_00, "highest": 90_00, "after_id": listing["id"]}

    for mode, (sort, level, shape) in product(("force_custom_plan", "force_generic_plan"), _lists()):
        ids = {None: None, 1: place.department_id, 2: place.parent_id, 3: place.id}
        values = given | {"category_id": ids[level], "after": AFTER[ORDERS[sort].column]}
        plan = await _plan(crowded, _page(sort, level, shape, 25), values, mode)
        assert "Seq Scan on listings" not in plan, (mode, sort, level, shape, plan)
        assert "ix_listings_for_sale_" in plan, (mode, sort, level, shape, plan)


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (
            "select id from listings where status = 'available' order by price_minor, id limit 25",
            "ix_listings_for_sale_all_price",
        ),
        (
            "select id from listings where status = 'available' and price_minor > 5 order by price_minor, id limit 5",
            "ix_listings_for_sale_all_price",
        ),
        (
            "select id from listings where seller_id = $1 and status = $2 order by created_at desc limit 25",
            "ix_listings_seller_id_status_created_at",
        ),
    ],
)
async def test_the_two_indexes_that_the_audit_missed_are_there_and_serve(
    crowded: asyncpg.Connection, asked: str, index: str
) -> None:
    (plan,) = await generic_plan(crowded, asked, options="FORMAT JSON")
    assert f'"Index Name": "{index}"' in plan
    assert '"Node Type": "Sort"' not in plan


PAGES = [
    "/", "/categories/women", "/categories/women/shoes/boots?sort=price_asc&max_price=90", "/search?q=dress",
    "/search?q=dress&condition=good&category=women", "/search?q=linnen+boots", "/suggestions?q=dre",
    "/listings/{listing_id}", "/members/{username}", "/sitemap.xml", "/api/v1/listings",
    "/api/v1/listings?sort=price_desc&category=men", "/api/v1/listings?q=dress", "/api/v1/listings/{listing_id}",
]  # fmt: skip


async def test_no_page_of_the_shop_reads_all_of_a_large_table(crowded: asyncpg.Connection, installed: Services) -> None:
    any_listing = "select l.id as listing_id, username from listings l join members m on m.id = seller_id"
    facts = await crowded.fetchrow(any_listing)
    transport = httpx.ASGITransport(create(installed))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        for page in PAGES:
            with guarding(), watched(only_reads=True) as unit:
                assert (await client.get(page.format(**facts))).status_code == 200, page
            assert unit.statements, page
            assert await scans(crowded, unit.statements.values()) == [], page


NARROWED = [
    frozenset(chosen)
    for chosen in (("text",), ("brands",), ("sizes",), ("colours",), ("conditions",), ("text", "brands", "conditions"))
]
RARE = {
    "text": "'unheard'",
    "colours": ["red"],
    "conditions": ["new_with_tags"],
    "brands": ["x"],
    "sizes": ["letters.X"],
    "lowest": 5_00,
    "highest": 90_00,
}
COMMON: dict[str, object] = {"text": "'dress'"}
PAGED = frozenset({"lowest", "highest", "after"})


async def test_what_narrows_a_list_is_looked_up_in_an_index(crowded: asyncpg.Connection, db: Database) -> None:
    """There are too many ways to narrow a list to try them all: each by itself, some together, in each order."""
    place = await a_category(db, "women/shoes/boots")
    ids = {None: None, 1: place.department_id, 3: place.id}
    given = RARE | {"brand_ids": [place.id], "size_ids": [place.id], "after_id": place.id}

    for narrowed, level, more in product(NARROWED, ids, (frozenset[str](), PAGED)):
        values = given | {"category_id": ids[level]}
        statements = [(sort, _page(sort, level, narrowed | more, 25)) for sort in ORDERS]
        statements.append((Sort.NEWEST, _ranked(narrowed | {"text"}, level, 25)))
        for sort, statement in statements:
            asked = values | {"after": AFTER[ORDERS[sort].column]}
            plan = await _plan(crowded, statement, asked, "force_custom_plan")
            assert "Seq Scan on listings" not in plan, (narrowed, level, more, sort, plan)


async def test_whether_anything_has_the_words_is_looked_up_in_an_index(
    crowded: asyncpg.Connection, db: Database
) -> None:
    place = await a_category(db, "women/shoes/boots")
    given = RARE | {"words": ["unheard"], "latin": ["unheard"], "category_id": place.id}

    for shape, level in product((frozenset({"text"}), frozenset(RARE)), (None, 1, 3)):
        values = given | ({"category_id": place.department_id} if level == 1 else {})
        for mode in ("force_custom_plan", "force_generic_plan"):
            plan = await _plan(crowded, _meaning(shape, level), values, mode)
            assert "Seq Scan on listings" not in plan, (shape, level, mode, plan)


async def test_what_is_too_much_to_count_is_looked_up_in_the_sample(crowded: asyncpg.Connection) -> None:
    await crowded.execute("set plan_cache_mode = force_custom_plan")
    for shape in (frozenset[str](), frozenset({"text"})):
        statement = _counted(shape, None)
        rows = await crowded.fetch(f"explain analyze {_compiled(statement)}", *_in_order(_compiled(statement), COMMON))
        plan = "\n".join(line for (line,) in rows)
        assert "ix_listings_sampled" in plan, plan
        # All are counted where they are few only; PostgreSQL then need not even begin.
        assert all("(never executed)" in line for line in plan.splitlines() if "Seq Scan on listings" in line), plan


async def test_a_listing_and_its_pictures_are_read_by_key(crowded: asyncpg.Connection) -> None:
    id: UUID = await crowded.fetchval("select id from listings limit 1")

    for statement in (_DETAIL, _PICTURES):
        plan = await _plan(crowded, statement, {"id": id, "seen_by": id}, "force_generic_plan")
        assert "Seq Scan on listing" not in plan, plan


async def test_what_is_similar_is_read_by_price_on_either_side(crowded: asyncpg.Connection, db: Database) -> None:
    place = await a_category(db, "women/shoes/boots")
    given = {"id": place.id, "category_id": place.id, "price": 50_00, "lowest": 25_00, "highest": 100_00}

    for mode in ("force_custom_plan", "force_generic_plan"):
        plan = await _plan(crowded, _near(), given, mode)
        assert "Seq Scan on listings" not in plan, (mode, plan)
        assert plan.count("ix_listings_for_sale_category_price") == 2, (mode, plan)


@pytest.mark.parametrize("rail", Rail)
@pytest.mark.parametrize("follows", [True, False])
async def test_a_member_s_rails_are_read_in_order(crowded: asyncpg.Connection, rail: Rail, follows: bool) -> None:
    listing = await crowded.fetchrow("select id, seller_id from listings limit 1")
    given = {"member_id": listing["seller_id"], "after": THEN, "after_id": listing["id"]}

    for mode in ("force_custom_plan", "force_generic_plan"):
        plan = await _plan(crowded, _rail(rail, follows=follows), given, mode)
        assert f"ix_listings_of_seller_{'unsold' if rail is Rail.SELLING else 'sold'}" in plan, (mode, plan)


async def _plan(connection: asyncpg.Connection, statement: Any, values: dict[str, object], mode: str) -> str:  # noqa: ANN401
    dialect = PGDialect_asyncpg()  # type: ignore[no-untyped-call]
    filled = statement.params({name: value for name, value in values.items() if value is not None})
    compiled = filled.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    await connection.execute(f"set plan_cache_mode = {mode}")
    rows = await connection.fetch(f"explain {compiled}", *_in_order(compiled, values))
    return "\n".join(line for (line,) in rows)


def _compiled(statement: Any) -> Any:  # noqa: ANN401
    return statement.compile(dialect=PGDialect_asyncpg())  # type: ignore[no-untyped-call]


def _in_order(compiled: Any, values: dict[str, object]) -> list[object]:  # noqa: ANN401
    """The values of a statement's parameters; those that it was built with are its own."""
    return [values[name] if name in values else compiled.params[name] for name in compiled.positiontup or ()]
