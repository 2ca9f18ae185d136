"""A search finds what it says, however it is narrowed."""

import pytest
from prometheus_client import REGISTRY

from tests.conftest import CountStatements
from tests.marketplace.storefront.searching import CURSORS, search, titles
from threadly.core.database import Database
from threadly.marketplace import storefront
from threadly.marketplace.catalog import Condition
from threadly.marketplace.storefront import Sort, Total, Wanted


@pytest.mark.parametrize(
    ("case", "text", "expected"),
    [
        ("apostrophes do not matter", "levis", {"Levi's 501 jeans", "Denim jacket"}),
        ("nor does the other one", "LEVI’S", {"Levi's 501 jeans", "Denim jacket"}),
        ("all words must be there", "levis jacket", {"Denim jacket"}),
        ("in any of their forms", "jackets", {"Denim jacket", "Rain jacket"}),
        ("accents do not matter", "ete", {"Silk gown, été"}),
        ("wherever they are", "GÓWN", {"Silk gown, été"}),
        ("Cyrillic is text", "РОКЛЯ", {"Лятна рокля"}),
        ("categories are words", "dresses", {"Silk gown, été", "Лятна рокля"}),
        ("colours are words", "red jacket", {"Rain jacket"}),
        ("a brand that says nothing in English is a brand", "only", {"Rain jacket", "Silk gown, été"}),
        ("a minus keeps out", "jacket -levis", {"Rain jacket"}),
        ("only a minus keeps out, too", "-women", {"Levi's 501 jeans", "Denim jacket"}),
        ("words in a row", '"501 jeans"', {"Levi's 501 jeans"}),
        ("in no other row", '"jeans 501"', set()),
        ("nothing fits", "spacesuit", set()),
        ("nothing to look for", "!!! \U0001f457", set()),
        ("a stop word alone", "the", set()),
        ("metacharacters say nothing", "jacket') | !(a:*", {"Denim jacket", "Rain jacket"}),
    ],
)
async def test_a_text_is_found_wherever_it_stands(six: Database, case: str, text: str, expected: set[str]) -> None:
    for sort in Sort:
        found = await search(six, text, sort=sort)
        assert titles(found) == expected, (case, sort)
        assert found.total == Total(count=len(expected), is_exact=True)


async def test_filters_combine_freely_and_several_values_widen(six: Database) -> None:
    assert titles(await search(six, brands=("levis", "only"), colours=("red",))) == {"Rain jacket", "Silk gown, été"}
    assert titles(await search(six, "jacket", sizes=("letters.M", "letters.L"), category="women")) == {"Rain jacket"}
    assert titles(await search(six, conditions=(Condition.NEW_WITH_TAGS,))) == {"Лятна рокля"}
    assert titles(await search(six, brands=("levis",), min_price_minor=100_00)) == set()
    assert titles(await search(six, brands=("no-such-brand",), colours=("'); --",))) == set()


async def test_a_search_with_facets_is_three_statements(six: Database, count_statements: CountStatements) -> None:
    async def look() -> None:
        async with six.read() as read:
            wanted = Wanted(text="jacket", brands=("only",), colours=("red",), sizes=("letters.M",))
            assert (await storefront.found(read, wanted, CURSORS)).total.count == 1

    assert await count_statements(six, look()) == 3


async def test_searches_by_a_text_are_counted_and_lists_are_not(six: Database) -> None:
    before = _counted()
    await search(six, "jacket")
    await search(six, "spacesuit")
    await search(six, brands=("no-such-brand",))
    assert {name: value - before[name] for name, value in _counted().items()} == {
        "threadly_search_seconds_count": 2,
        "threadly_search_empty_total": 1,
        "threadly_search_corrected_total": 0,
    }


def _counted() -> dict[str, float]:
    names = ("threadly_search_empty_total", "threadly_search_corrected_total")
    both = REGISTRY.get_sample_value("threadly_search_seconds_count", {"kind": "both"})
    return {"threadly_search_seconds_count": both or 0.0} | {
        name: REGISTRY.get_sample_value(name) or 0.0 for name in names
    }
