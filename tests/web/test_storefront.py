import re
from datetime import timedelta

import httpx

from tests.conftest import CountStatements
from tests.making import THEN, a_brand, a_listing, a_member
from tests.web.visiting import titles
from threadly.core.database import Database
from threadly.marketplace.listings import ListingStatus
from threadly.wiring import Services


async def test_the_front_page_shows_what_came_in_last(visitor: httpx.AsyncClient, db: Database) -> None:
    brand = await a_brand(db, "Fjällräven")
    await a_listing(db, title="The older", price_minor=1_250_00)
    await a_listing(db, title="The newer", published_at=THEN + timedelta(days=1), brand_id=brand.id)
    await a_listing(db, title="The sold", status=ListingStatus.SOLD, sold_at=THEN)
    page = (await visitor.get("/")).text

    assert titles(page) == ["The newer", "The older"]
    assert "€1,250.00" in page
    assert "Fjällräven" in page


async def test_the_pictures_of_the_first_row_come_first(visitor: httpx.AsyncClient, db: Database) -> None:
    for _ in range(6):
        await a_listing(db)
    page = (await visitor.get("/")).text
    cards = page[page.index('class="cards"') : page.index('id="more"')]

    assert cards.count('fetchpriority="high"') == 4
    assert cards.count('loading="lazy"') == 2
    assert cards.count("-320.webp 320w") == cards.count("-1280.webp 1280w") == cards.count("sizes=") == 6
    assert cards.count('src="data:image/webp;base64,AA"') == 6


async def test_an_empty_shop_says_so(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/")

    assert answer.status_code == 200
    assert "Nothing hangs here right now." in answer.text


async def test_every_listing_is_on_one_page_and_no_more(visitor: httpx.AsyncClient, db: Database) -> None:
    seller = (await a_member(db)).id
    for number in range(50):
        published = THEN + timedelta(seconds=number // 3)  # three at a time, so pages end within the same second
        await a_listing(db, title=f"Number {number}", seller_id=seller, published_at=published, pictures=0)
    seen: list[str] = []
    sizes: list[int] = []
    address: str | None = "/"
    while address is not None:
        page = (await visitor.get(address)).text
        sizes.append(len(titles(page)))
        seen += titles(page)
        following = re.search(r'rel="next" href="([^"]*)"', page)
        address = following and following[1].replace("&amp;", "&")

    assert sizes == [24, 24, 2]
    assert sorted(seen) == sorted(f"Number {number}" for number in range(50))


async def test_a_second_visit_reads_arrivals_and_trends_alone(
    visitor: httpx.AsyncClient, installed: Services, count_statements: CountStatements
) -> None:
    await a_listing(installed.db)

    assert await count_statements(installed.db, visitor.get("/")) == 3
    assert await count_statements(installed.db, visitor.get("/")) == 2
