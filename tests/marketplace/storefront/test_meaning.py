"""A text is read as it was typed if anything for sale has its words, and else as somebody who knows the shop would."""

from typing import Any

import pytest

from tests.conftest import CountStatements
from tests.making import a_listing
from tests.marketplace.storefront.searching import CURSORS, search, titles
from threadly.core.database import Database
from threadly.marketplace import search as terms
from threadly.marketplace import storefront
from threadly.marketplace.storefront import Sort, Wanted


@pytest.fixture
async def spelt(six: Database) -> Database:
    """The six things, one that its seller misspelt, and the words that they bring."""
    await a_listing(six, title="Brown jakcet", category="men/shoes/boots", price_minor=70_00)
    await six.run(terms.refresh)
    return six


@pytest.mark.parametrize(
    ("case", "facts", "corrected", "expected"),
    [
        ("as it is written", {"text": "levis jacket"}, None, {"Denim jacket"}),
        ("a slip of the finger", {"text": "levis jaket"}, "levis jacket", {"Denim jacket"}),
        ("what a seller wrote is no slip", {"text": "jakcet"}, None, {"Brown jakcet"}),
        ("unless it is in another department", {"text": "jakcet", "category": "women"}, "jacket", {"Rain jacket"}),
        ("or costs more", {"text": "jakcet", "max_price_minor": 60_00}, "jacket", {"Denim jacket", "Rain jacket"}),
        ("or is of no brand", {"text": "jakcet", "brands": ("only",)}, "jacket", {"Rain jacket"}),
        ("or of no colour", {"text": "jakcet", "colours": ("red",)}, "jacket", {"Rain jacket"}),
        ("what is chosen may be too much", {"text": "jaket", "brands": ("nike",)}, "jacket", set()),
        ("a better spelling may find nothing", {"text": "jaket gown"}, None, set()),
        ("nothing is like it", {"text": "spacesuit"}, None, set()),
        ("only what shall not be there", {"text": "-jakcet -jacket", "category": "men"}, None, {"Levi's 501 jeans"}),
    ],
)
async def test_a_text_is_corrected_where_nothing_has_its_words(
    spelt: Database, case: str, facts: dict[str, Any], corrected: str | None, expected: set[str]
) -> None:
    for sort in (Sort.RELEVANCE, Sort.PRICE_ASC):
        found = await search(spelt, sort=sort, **facts)
        assert (found.corrected, titles(found)) == (corrected, expected), (case, sort)
        assert found.total.count == len(expected), case


async def test_the_counts_alone_are_of_the_same_listings(spelt: Database) -> None:
    async with spelt.read() as read:
        counted = await storefront.counted(read, Wanted(text="levis jaket"))

    assert (counted.corrected, counted.total.count) == ("levis jacket", 1)
    assert [brand.code for brand in counted.facets.brands] == ["levis"]


@pytest.mark.parametrize("text", ["levis jacket", "levis jaket", "spacesuit", "jaket gown"])
async def test_every_search_is_two_statements_and_a_third_for_its_facets(
    spelt: Database, count_statements: CountStatements, text: str
) -> None:
    wanted = Wanted(text=text, sort=Sort.RELEVANCE)
    chosen = Wanted(text=text, brands=("levis",), colours=("blue",), sizes=("letters.L",), min_price_minor=1)

    async def look(wanted: Wanted, *, whole: bool) -> None:
        async with spelt.read() as read:
            await (storefront.found if whole else storefront.searched)(read, wanted, CURSORS)

    is_found = text.startswith("levis")
    assert await count_statements(spelt, look(wanted, whole=False)) == (2 if is_found else 3)  # and where to look on
    assert await count_statements(spelt, look(chosen, whole=False)) == 2
    for each in (wanted, chosen):
        assert await count_statements(spelt, look(each, whole=True)) == 3


async def test_where_nothing_is_found_and_nothing_is_chosen_there_is_somewhere_to_look_on(spelt: Database) -> None:
    async def nearest(**facts: Any) -> list[str]:  # noqa: ANN401
        found = await search(spelt, **facts)
        assert found.page.items == ()
        return [category.path for category in found.nearest]

    assert await nearest(text="levis gown") == ["men/clothing/jackets", "men/clothing/jeans"]
    assert await nearest(text="jaket gown") == ["men/clothing/jackets", "women/clothing/jackets"]
    assert (await nearest(text="dresses spacesuit", category="men"))[0] == "women/clothing/dresses"
    assert len(await nearest(text="!!!")) == 6
    assert await nearest(text="levis gown", colours=("red",)) == []
    assert (await search(spelt, "jacket")).nearest == ()
