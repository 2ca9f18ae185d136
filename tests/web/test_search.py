"""Finding things by words, narrowing them, and what is suggested meanwhile."""

import re

import httpx
import pytest

from tests.conftest import CountStatements
from tests.making import a_brand, a_category, a_listing
from threadly.core.database import Database, Tx
from threadly.marketplace import search
from threadly.marketplace.search import SearchTerm
from threadly.wiring import Services


def titles(page: str) -> list[str]:
    return re.findall(r"<h3><a[^>]*>([^<]*)</a>", page)


@pytest.fixture
async def jackets(db: Database) -> Database:
    """Three jackets of two makers, and a dress."""
    levis, arket = await a_brand(db, "Levi's"), await a_brand(db, "Arket")
    place = "women/clothing/jackets"
    await a_listing(db, title="Denim jacket", brand_id=levis.id, category=place, price_minor=40_00)
    await a_listing(db, title="Cord jacket", brand_id=levis.id, category=place, price_minor=25_00)
    await a_listing(db, title="Rain jacket", brand_id=arket.id, category="men/clothing/jackets", price_minor=30_00)
    await a_listing(db, title="Summer dress", brand_id=arket.id)
    return db


async def test_a_search_finds_what_it_says_and_tells_how_much(visitor: httpx.AsyncClient, jackets: Database) -> None:
    page = (await visitor.get("/search?q=jacket")).text

    assert set(titles(page)) == {"Denim jacket", "Cord jacket", "Rain jacket"}
    assert '<p class="browse-total" role="status">3 items</p>' in page
    assert 'name="q" value="jacket"' in page
    assert '<meta name="robots" content="noindex, follow">' in page
    assert "Summer dress" not in page


async def test_without_words_everything_is_there(visitor: httpx.AsyncClient, jackets: Database) -> None:
    assert len(titles((await visitor.get("/search")).text)) == 4
    assert len(titles((await visitor.get("/search?q=")).text)) == 4


async def test_several_choices_narrow_a_search_and_each_can_be_taken_back(
    visitor: httpx.AsyncClient, jackets: Database
) -> None:
    whole = (await visitor.get("/search?q=jacket")).text
    [levis, arket] = re.findall(r'name="brand" value="([^"]+)"', whole)
    both = (await visitor.get(f"/search?q=jacket&brand={levis}&brand={arket}&max_price=35")).text
    one = (await visitor.get(f"/search?q=jacket&brand={levis}&max_price=35")).text

    assert set(titles(both)) == {"Cord jacket", "Rain jacket"}
    assert titles(one) == ["Cord jacket"]
    assert f'href="/search?q=jacket&amp;brand={levis}&amp;brand={arket}"' in both  # without the price
    assert f'href="/search?q=jacket&amp;brand={arket}&amp;max_price=35"' in both  # without the first maker
    assert re.search(rf'value="{levis}" checked', both)
    assert '<span class="count-badge">3</span>' in both


async def test_a_search_stays_within_a_category_that_was_chosen(visitor: httpx.AsyncClient, jackets: Database) -> None:
    page = (await visitor.get("/search?q=jacket&category=men")).text

    assert titles(page) == ["Rain jacket"]
    assert '<input type="hidden" name="category" value="men">' in page
    assert (await visitor.get("/search?category=nowhere")).status_code == 404


async def test_where_nothing_is_found_there_are_ways_on(visitor: httpx.AsyncClient, jackets: Database) -> None:
    nothing = (await visitor.get("/search?q=spacesuit")).text
    narrowed = (await visitor.get("/search?q=jacket&colour=red&max_price=1")).text

    assert "We found nothing for “spacesuit”." in nothing
    assert '<a class="btn btn-quiet" href="/categories/women">Women</a>' in nothing
    assert "Nothing fits all of this." in narrowed
    assert "Without “red”" in narrowed
    assert 'href="/search?q=jacket"' in narrowed


def ways(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<li><a class="btn btn-[a-z]+" href="([^"]+)">([^<]+)</a>', page)


async def test_where_nothing_is_found_the_nearest_categories_are_offered(
    visitor: httpx.AsyncClient, jackets: Database
) -> None:
    await jackets.run(search.refresh)
    alike = (await visitor.get("/search?q=spacesuit+dress&category=men")).text
    sold = (await visitor.get("/search?q=levis+gown")).text
    largest = (await visitor.get("/search?q=spacesuit")).text

    assert ways(alike) == [("/categories/women/clothing/dresses", "Dresses, Clothing, Women")]
    assert ways(sold) == [("/categories/women/clothing/jackets", "Jackets, Clothing, Women")]
    assert [path for path, _ in ways(largest)] == [
        "/categories/women/clothing/jackets",
        "/categories/men/clothing/jackets",
        "/categories/women/clothing/dresses",
    ]
    german = (await visitor.get("/de/search?q=kleider+raumanzug")).text
    assert ways(german)[0] == ("/de/categories/women/clothing/dresses", "Kleider, Kleidung, Damen")


async def test_what_was_typed_stays_text(visitor: httpx.AsyncClient, jackets: Database) -> None:
    page = (await visitor.get("/search", params={"q": '"><script>alert(1)</script>'})).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


async def test_a_search_is_at_most_three_statements(
    visitor: httpx.AsyncClient, jackets: Database, installed: Services, count_statements: CountStatements
) -> None:
    await jackets.run(search.refresh)
    await visitor.get("/")

    for text in ("jacket", "jaket", "spacesuit"):
        for chosen in ("", "&max_price=99&sort=price_asc", "&category=women&colour=red"):
            page = visitor.get(f"/search?q={text}{chosen}")
            assert await count_statements(installed.db, page) == 3


async def test_suggestions_are_a_part_of_a_page_with_links(visitor: httpx.AsyncClient, jackets: Database) -> None:
    async def fill(tx: Tx) -> None:
        tx.add(SearchTerm(kind="brand", term="denham", target="denham", label="Denham <3", listings=3))

    await jackets.run(fill)
    answer = await visitor.get("/suggestions?q=den")

    assert "<html" not in answer.text
    assert 'role="listbox"' in answer.text
    assert 'href="/search?brand=denham"' in answer.text
    assert "Denham &lt;3" in answer.text
    assert re.search(r'role="option"[^>]*href="/listings/[0-9a-f-]{36}"', answer.text)
    assert 'data-told="2 suggestions"' in answer.text
    assert answer.headers["cache-control"].startswith("public")


@pytest.mark.parametrize("query", ["", "?q=", "?q=%25", "?q=" + "x" * 300])
async def test_where_nothing_can_be_suggested_the_part_is_empty(visitor: httpx.AsyncClient, query: str) -> None:
    answer = await visitor.get(f"/suggestions{query}")

    assert answer.status_code == 200
    assert 'role="option"' not in answer.text


async def test_every_page_has_the_search_field(visitor: httpx.AsyncClient, db: Database) -> None:
    await a_category(db, "women")
    for path in ("/", "/categories/women", "/search?q=coat", "/nowhere"):
        assert '<form class="search" role="search" action="/search" method="get"' in (await visitor.get(path)).text


@pytest.fixture
async def dresses(db: Database) -> Database:
    """A dress, and boots for women and for men."""
    await a_listing(db, title="Summer gown", category="women/clothing/dresses")
    await a_listing(db, title="Rain boots", category="women/shoes/boots")
    await a_listing(db, title="Riding boots", category="men/shoes/boots")
    return db


@pytest.mark.parametrize("address", ["/de/search?q=Kleider", "/de/search?q=KLEIDER", "/bg/search?q=рокли"])
async def test_a_category_is_found_by_its_name_in_the_language_of_the_page(
    visitor: httpx.AsyncClient, dresses: Database, address: str
) -> None:
    assert titles((await visitor.get(address)).text) == ["Summer gown"]
    assert titles((await visitor.get(f"{address}&category=women")).text) == ["Summer gown"]
    assert titles((await visitor.get(f"{address}&category=women/clothing/dresses&sort=relevance")).text) == [
        "Summer gown"
    ]
    assert titles((await visitor.get(f"{address}&category=men")).text) == []
    assert titles((await visitor.get(address.removeprefix("/de").removeprefix("/bg"))).text) == []


async def test_where_several_categories_are_called_so_each_is_offered_first(
    visitor: httpx.AsyncClient, dresses: Database
) -> None:
    page = (await visitor.get("/de/search?q=stiefel")).text
    offered = re.findall(r'<li><a class="btn btn-[a-z]+" href="/de/categories/([^"]+)">([^<]+)</a>', page)

    assert sorted(offered[:2]) == [
        ("men/shoes/boots", "Stiefel, Schuhe, Herren"),
        ("women/shoes/boots", "Stiefel, Schuhe, Damen"),
    ]
    assert titles((await visitor.get("/de/search?q=stiefel&category=men")).text) == ["Riding boots"]


@pytest.mark.parametrize(
    ("address", "label"),
    [("/de/suggestions?q=kle", "Kleider, Kleidung, Damen"), ("/bg/suggestions?q=РО", "Рокли, Дрехи, Жени")],
)
async def test_categories_are_suggested_under_their_own_name(
    visitor: httpx.AsyncClient, dresses: Database, address: str, label: str
) -> None:
    assert f"</svg>{label}<small>" in (await visitor.get(address)).text


async def test_each_language_has_its_own_quotes(visitor: httpx.AsyncClient, db: Database) -> None:
    for at, said in (("", "“zzzzz”"), ("/de", "„zzzzz“"), ("/bg", "„zzzzz“")):
        page = (await visitor.get(f"{at}/search?q=zzzzz")).text
        assert f"<h1>{said}</h1>" in page
        assert f"<title>{said} | Threadly</title>" in page
