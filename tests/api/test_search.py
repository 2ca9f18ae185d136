"""Searches in JSON: narrowed by anything, counted, corrected, and never at a loss."""

from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from tests.conftest import CountStatements
from tests.making import a_brand, a_listing
from threadly.core.database import Database
from threadly.marketplace import search
from threadly.marketplace.catalog import Colour
from threadly.wiring import Services

LISTINGS, FACETS, SUGGESTIONS = "/api/v1/listings", "/api/v1/facets", "/api/v1/suggestions"


@pytest.fixture
async def shop(db: Database) -> Database:
    """Four things, of which three are jackets."""
    levis, nike = await a_brand(db, "Levi's", slug="levis"), await a_brand(db, "Nike", slug="nike")
    await a_listing(db, title="Denim jacket", brand_id=levis.id, price_minor=30_00)
    await a_listing(db, title="Trucker jacket", brand_id=levis.id, price_minor=60_00)
    await a_listing(db, title="Rain jacket", brand_id=nike.id, category="men/clothing/jackets")
    await a_listing(db, title="Dress")
    await db.run(search.refresh)
    return db


async def titles(client: httpx.AsyncClient, **asked: Any) -> set[str]:  # noqa: ANN401
    """Of one page."""
    answer = await client.get(LISTINGS, params=asked)
    assert answer.status_code == 200, answer.text
    return {item["title"] for item in answer.json()["items"]}


async def test_parameters_that_are_lists_may_repeat(client: httpx.AsyncClient, shop: Database) -> None:
    assert await titles(client, q="jacket") == {"Denim jacket", "Trucker jacket", "Rain jacket"}
    assert await titles(client, brand=["levis"]) == {"Denim jacket", "Trucker jacket"}
    assert await titles(client, brand=["levis", "nike"], max_price=30_00) == {"Denim jacket", "Rain jacket"}
    assert await titles(client, condition=["good", "very_good"], q="dress -jacket", category="women") == {"Dress"}


async def test_facets_count_the_same_list(client: httpx.AsyncClient, shop: Database) -> None:
    answer = (await client.get(FACETS, params={"q": "jacket", "brand": "levis"})).json()

    assert answer["total"] == {"count": 2, "is_exact": True}
    assert answer["brands"] == [
        {"code": "levis", "name": "Levi's", "count": 2, "is_selected": True, "hex": None},
        {"code": "nike", "name": "Nike", "count": 1, "is_selected": False, "hex": None},
    ]
    assert [(category["code"], category["count"]) for category in answer["categories"]] == [("women", 2)]
    assert answer["estimated"] == []


async def test_a_misspelt_text_is_corrected_on_every_page(client: httpx.AsyncClient, shop: Database) -> None:
    first = (await client.get(LISTINGS, params={"q": "levis jaket", "limit": 1})).json()
    second = (await client.get(LISTINGS, params={"q": "levis jaket", "limit": 1, "cursor": first["next"]})).json()

    assert (first["corrected"], second["corrected"]) == ("levis jacket", "levis jacket")
    found = {item["title"] for page in (first, second) for item in page["items"]}
    assert found == {"Denim jacket", "Trucker jacket"}
    assert second["next"] is None
    nothing = (await client.get(LISTINGS, params={"q": "spacesuit"})).json()
    assert (nothing["items"], nothing["next"], nothing["corrected"]) == ([], None, None)
    assert {"name": "Jackets, Clothing, Men", "path": "men/clothing/jackets"} in nothing["nearest"]


async def test_suggestions_come_from_the_first_letters(client: httpx.AsyncClient, shop: Database) -> None:
    answer = (await client.get(SUGGESTIONS, params={"q": "lev"})).json()

    assert answer["brands"] == [{"name": "Levi's", "slug": "levis"}]
    assert (await client.get(SUGGESTIONS)).json() == {"listings": [], "brands": [], "categories": []}


@pytest.mark.parametrize("path", [LISTINGS, FACETS, SUGGESTIONS])
@pytest.mark.parametrize(
    "text",
    ["'\"\\); drop table listings; --", "& | ! ( ) <-> :* a:*", "%_", "\U0001f457\U0001f460", "...", "the of and",
     "\u202eשמלה\u202c", "рокля dress été 裙子", "x" * 200, "-", '"', "-\"", "a" * 198 + " b", "\u0301"],
)  # fmt: skip
async def test_any_text_has_an_answer(client: httpx.AsyncClient, shop: Database, path: str, text: str) -> None:
    answer = await client.get(path, params={"q": text})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("path", [LISTINGS, FACETS, SUGGESTIONS])
@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=" + "x" * 10_000, "q=" + "x" * 201, "q=a&q=b", "brand=a&brand=a", "colour=", "size=%ff"],
)
async def test_what_is_no_text_is_refused(client: httpx.AsyncClient, path: str, query: str) -> None:
    answer = await client.get(f"{path}?{query}")
    assert answer.status_code in {400, 414}
    assert answer.json()["code"].startswith(("parameter_", "query_", "url_"))


@pytest.mark.parametrize("path", [LISTINGS, FACETS])
async def test_a_colour_that_there_is_not_is_refused_with_those_that_there_are(
    client: httpx.AsyncClient, shop: Database, path: str
) -> None:
    async with shop.engine.begin() as connection:
        await connection.execute(insert(Colour).values(code="blue", name="Blue", position=1))

    refused = await client.get(f"{path}?colour=blue&colour=blu")
    assert (refused.status_code, refused.json()["detail"]) == (400, "“colour” must be one of: blue.")
    assert (refused.json()["code"], refused.json()["parameter"]) == ("parameter_invalid", "colour")
    assert (await client.get(f"{path}?colour=blue")).status_code == 200


async def test_random_texts_never_break_a_search(client: httpx.AsyncClient, shop: Database) -> None:
    texts: list[str] = []

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=80))
    def collect(text: str) -> None:
        texts.append(text)

    collect()
    for text in texts:
        assert (await client.get(LISTINGS, params={"q": text, "sort": "relevance"})).status_code == 200


async def test_facets_are_those_of_the_text_that_was_meant(client: httpx.AsyncClient, shop: Database) -> None:
    answer = (await client.get(FACETS, params={"q": "jaket"})).json()

    assert (answer["corrected"], answer["total"]["count"]) == ("jacket", 3)
    assert (await client.get(FACETS, params={"q": "jacket"})).json() == answer | {"corrected": None}


async def test_an_empty_list_says_where_to_look_on(client: httpx.AsyncClient, shop: Database) -> None:
    empty = (await client.get(LISTINGS, params={"q": "nike gown"})).json()

    assert (empty["items"], empty["nearest"]) == (
        [], [{"name": "Jackets, Clothing, Men", "path": "men/clothing/jackets"}],
    )  # fmt: skip
    assert (await client.get(LISTINGS, params={"q": "jacket"})).json()["nearest"] == []


async def test_an_empty_list_is_three_statements(
    client: httpx.AsyncClient, shop: Database, count_statements: CountStatements, installed: Services
) -> None:
    for text in ("spacesuit", "jaket gown", "!!!"):
        assert await count_statements(installed.db, client.get(LISTINGS, params={"q": text})) <= 3


async def test_a_search_in_a_category_is_three_statements_and_so_are_its_facets(
    client: httpx.AsyncClient, shop: Database, count_statements: CountStatements, installed: Services
) -> None:
    for text in ("jacket", "jaket", "spacesuit"):
        asked = {"q": text, "category": "women", "brand": "levis", "colour": "blue"}
        assert await count_statements(installed.db, client.get(LISTINGS, params=asked)) == 3
        assert await count_statements(installed.db, client.get(FACETS, params=asked)) == 3
