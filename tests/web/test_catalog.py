import re
from datetime import timedelta

import httpx
import pytest

from tests.conftest import CountStatements
from tests.making import THEN, a_category, a_listing
from tests.web.visiting import titles
from threadly.core.database import Database
from threadly.marketplace import search
from threadly.wiring import Services


@pytest.fixture
async def three_listings(db: Database) -> None:
    await a_listing(db, title="Dear dress", price_minor=90_00)
    await a_listing(db, title="Cheap dress", price_minor=9_50, published_at=THEN + timedelta(hours=1))
    await a_listing(db, title="Fair coat", price_minor=45_00, category="women/outerwear/coats")
    await a_listing(db, title="A man’s shirt", category="men/clothing/shirts")


@pytest.mark.usefixtures("three_listings")
@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("women", ["Cheap dress", "Fair coat", "Dear dress"]),
        ("women/clothing", ["Cheap dress", "Dear dress"]),
        ("women/clothing/dresses", ["Cheap dress", "Dear dress"]),
        ("women?sort=price_asc", ["Cheap dress", "Fair coat", "Dear dress"]),
        ("women?sort=price_desc", ["Dear dress", "Fair coat", "Cheap dress"]),
        ("women?min_price=9.50&max_price=45&sort=price_asc", ["Cheap dress", "Fair coat"]),
        ("women?min_price=9.51&max_price=44,99", []),
        ("women?sort=&min_price=&max_price=+", ["Cheap dress", "Fair coat", "Dear dress"]),
        ("women?min_price=45&max_price=9.50&sort=price_asc", ["Cheap dress", "Fair coat"]),
    ],
)
async def test_a_category_shows_what_was_asked_for(visitor: httpx.AsyncClient, address: str, shown: list[str]) -> None:
    answer = await visitor.get(f"/categories/{address}")

    assert answer.status_code == 200
    by_time = {"Fair coat", "Dear dress"}  # published in the same second
    if "sort=p" in address:
        assert titles(answer.text) == shown
    else:
        assert titles(answer.text)[:1] == shown[:1]
        assert set(titles(answer.text)) & by_time == set(shown) & by_time


@pytest.mark.usefixtures("three_listings")
async def test_a_category_tells_where_it_is_and_what_is_beside_it(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/categories/women/clothing/dresses")).text
    crumbs = page[page.index('class="crumbs"') : page.index("<h1>")]
    shelf = page[page.index('class="shelf"') : page.index('class="price-band"')]

    assert re.findall(r'<a href="([^"]*)">', crumbs) == ["/", "/categories/women", "/categories/women/clothing"]
    assert '<span aria-current="page">Dresses</span>' in crumbs
    assert 'href="/categories/women/clothing/dresses" aria-current="page"' in shelf


async def test_the_next_page_keeps_the_filter_and_the_order(visitor: httpx.AsyncClient, db: Database) -> None:
    for number in range(26):
        await a_listing(db, title=f"Number {number}", price_minor=10_00 + number, pictures=0)
    first = (await visitor.get("/categories/women?sort=price_asc&min_price=10.01&max_price=")).text
    link = re.search(r'rel="next" href="([^"]*)" hx-get="([^"]*)"', first)
    assert link is not None
    assert link[1] == link[2]
    assert link[1].startswith("/categories/women?min_price=10.01&amp;sort=price_asc&amp;cursor=")
    second = (await visitor.get(link[1].replace("&amp;", "&"))).text

    assert titles(first) == [f"Number {number}" for number in range(1, 25)]
    assert titles(second) == ["Number 25"]
    assert 'href="/categories/women?min_price=10.01&amp;sort=price_asc">Back to the first page' in second


@pytest.mark.usefixtures("three_listings")
@pytest.mark.parametrize(
    ("case", "query"),
    [
        ("unknown", "shape=round"),
        ("words, which only a search has", "q=coat"),
        ("no such condition", "condition=pristine"),
        ("repeated", "sort=newest&sort=newest"),
        ("NUL", "min_price=1%00"),
        ("not UTF-8", "min_price=%ff"),
        ("no such order", "sort=popular"),
        ("order in capitals", "sort=NEWEST"),
        ("words for a price", "min_price=cheap"),
        ("a negative price", "min_price=-1"),
        ("tenths of cents", "max_price=1.005"),
        ("SQL", "min_price=1;DROP TABLE listings"),
        ("HTML", "sort=%3Cscript%3Ealert(1)%3C/script%3E"),
        ("a made-up cursor", "cursor=AAAA"),
        ("an endless cursor", "cursor=" + "A" * 2000),
    ],
)
async def test_what_cannot_be_read_is_told_kindly(visitor: httpx.AsyncClient, case: str, query: str) -> None:
    answer = await visitor.get(f"/categories/women?{query}")

    assert answer.status_code == 400, case
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert "To the front page" in answer.text
    assert "<script>" not in answer.text


async def test_a_cursor_opens_only_its_own_list(visitor: httpx.AsyncClient, db: Database) -> None:
    for number in range(25):
        await a_listing(db, title=f"Number {number}", pictures=0)
    page = (await visitor.get("/categories/women")).text
    cursor = re.search(r"cursor=([^\"&]*)", page)
    assert cursor is not None

    assert (await visitor.get(f"/categories/women?cursor={cursor[1]}")).status_code == 200
    for elsewhere in (f"/?cursor={cursor[1]}", f"/categories/women?sort=price_asc&cursor={cursor[1]}"):
        assert (await visitor.get(elsewhere)).status_code == 400


@pytest.mark.parametrize(
    "path",
    ["hats", "women/hats", "women/clothing/dresses/x", "women%00", "%ff", "Women", "x" * 3000],
)
async def test_a_category_that_is_not_there_is_not_found(visitor: httpx.AsyncClient, db: Database, path: str) -> None:
    await a_category(db, "women/clothing/dresses")

    assert (
        await visitor.get(httpx.URL("http://shop.test", raw_path=f"/categories/{path}".encode()))
    ).status_code == 404


async def test_an_empty_category_leads_to_those_above_and_to_the_largest(
    visitor: httpx.AsyncClient, db: Database, installed: Services, count_statements: CountStatements
) -> None:
    await a_listing(db, category="men/shoes/boots")
    await a_category(db, "women/clothing/gowns")
    await db.run(search.refresh)
    await visitor.get("/")

    page = (await visitor.get("/categories/women/clothing/gowns")).text
    assert "Nothing hangs here right now." in page
    for path in ("women/clothing", "women", "men/shoes/boots"):
        assert f'<li><a class="btn btn-quiet" href="/categories/{path}">' in page
    assert await count_statements(installed.db, visitor.get("/categories/women/clothing/gowns")) == 2


@pytest.mark.usefixtures("three_listings")
async def test_a_page_of_a_category_is_two_statements(
    visitor: httpx.AsyncClient, installed: Services, count_statements: CountStatements
) -> None:
    await visitor.get("/")

    assert await count_statements(installed.db, visitor.get("/categories/women?sort=price_asc")) == 2
