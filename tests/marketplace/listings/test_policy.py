"""Each rule on both sides of its edge, and in more than one script."""

from uuid import uuid4

import pytest

from threadly.marketplace.catalog import Condition, Leaf
from threadly.marketplace.listings import policy
from threadly.marketplace.listings.policy import Draft

LEAF = Leaf(id=uuid4(), group_id=uuid4(), department_id=uuid4(), size_system="letters")
UNSIZED = Leaf(id=uuid4(), group_id=uuid4(), department_id=uuid4(), size_system=None)


@pytest.mark.parametrize(
    ("case", "text", "code"),
    [
        ("three characters", "hat", None),
        ("two", "ha", "title_too_short"),
        ("two and what is not seen", "ha\u200d\u200c", "title_too_short"),
        ("nothing", "", "title_too_short"),
        ("spaces", "     ", "title_too_short"),
        ("a hundred", "я" * 100, None),
        ("a hundred and one", "я" * 101, "title_too_long"),
        ("a hundred emoji", "a" * 99 + "👗", None),
        ("emoji between words", "Summer 👗 dress", None),
        ("emoji only", "👗👗👗👗", "title_without_words"),
        ("symbols only", "!!! *** !!!", "title_without_words"),
        ("figures are words", "501", None),
        ("Arabic", "فستان صيفي", None),
        ("Hebrew with a mark of direction", "\u200fשמלה קיץ", None),
        ("mixed scripts", "Рокля Zara 夏", None),
        ("a family, joined", "Dress 👨‍👩‍👧", None),
        ("capitals", "DKNY COAT XL", None),
        ("tags are text", "<b>Coat</b>", None),
        ("NUL", "Coat\0", "title_unreadable"),
        ("a bell", "Coat\a", "title_unreadable"),
        ("a line break", "Coat\nred", "title_unreadable"),
        ("an override of direction", "Coat \u202etaoC", "title_unreadable"),
        ("an isolate", "Coat \u2067", "title_unreadable"),
        ("a paragraph separator", "Coat\u2029red", "title_unreadable"),
        ("half a character", "Coat \ud83d", "title_unreadable"),
        ("Persian with a joiner that does not join", "می\u200cخواهم", None),
        ("a space of no width", "Co\u200bat", "title_unreadable"),
        ("a mark of byte order", "\ufeffCoat", "title_unreadable"),
        ("for private use", "Coat \ue000", "title_unreadable"),
        ("a heap of accents", "Coat" + "\u0301" * 25, "title_unreadable"),
    ],
)
def test_a_title_says_what_it_is(case: str, text: str, code: str | None) -> None:
    refusal = policy.title(text, whole=True)

    assert (refusal and refusal.code) == code, case


@pytest.mark.parametrize(
    ("case", "text", "code"),
    [
        ("ten characters", "Worn twice", None),
        ("nine", "Worn once", "description_too_short"),
        ("nothing", "", "description_too_short"),
        ("two thousand", "x" * 2000, None),
        ("two thousand and one", "x" * 2001, "description_too_long"),
        ("lines", "Worn twice.\n\n\tHand wash.", None),
        ("all markup", "<p><b></b></p><br/><img src=x onerror=alert(1)>", "description_without_words"),
        ("markup and an entity", "<p>&nbsp;&amp;&#8203;</p>", "description_without_words"),
        ("figures and signs only", "12345 67890 !!!", "description_without_words"),
        ("words between tags", "<b>Worn twice</b>", None),
        ("arrows are no tags", "Length > 90 cm, width < 50", None),
        ("a tag that never ends", "<" * 2000, "description_without_words"),
        ("RTL", "لبس مرتين فقط، نظيف", None),
        ("NUL", "Worn twice\0", "description_unreadable"),
        ("an override of direction", "Worn \u202etwice, clean", "description_unreadable"),
        ("a space of no width", "Worn twice,\u200b clean", "description_unreadable"),
        ("Persian and a family", "می\u200cخواهم\n\t👨\u200d👩\u200d👧", None),
    ],
)
def test_a_description_describes(case: str, text: str, code: str | None) -> None:
    refusal = policy.description(text, whole=True)

    assert (refusal and refusal.code) == code, case


@pytest.mark.parametrize(
    ("minor", "code"),
    [
        (1, None),
        (0, "price_too_low"),
        (-1, "price_too_low"),
        (99_999_999, None),
        (100_000_000, "price_too_high"),
        (None, "price_missing"),
    ],
)
def test_a_price_is_one_minor_unit_to_99_999_999(minor: int | None, code: str | None) -> None:
    refusal = policy.price(minor, whole=True)

    assert (refusal and refusal.code) == code


@pytest.mark.parametrize(
    ("case", "name", "code"),
    [
        ("fifty characters", "x" * 50, None),
        ("fifty-one", "x" * 51, "brand_too_long"),
        ("one letter", "Я", None),
        ("signs", "&&&", "brand_without_words"),
        ("a line break", "Levi\ns", "brand_unreadable"),
    ],
)
def test_a_brand_is_a_name(case: str, name: str, code: str | None) -> None:
    refusal = policy.brand(name)

    assert (refusal and refusal.code) == code, case


def test_what_is_to_be_seen_takes_a_hundred_characters() -> None:
    assert policy.alt("") is None
    assert policy.alt("ж" * 100) is None
    told = {"a": policy.alt("ж" * 101), "b": policy.alt("a\u202eb")}
    assert {name: refusal and refusal.code for name, refusal in told.items()} == {
        "a": "alt_too_long",
        "b": "alt_unreadable",
    }


@pytest.mark.parametrize(
    ("count", "whole", "code"),
    [
        (0, False, None),
        (0, True, "pictures_too_few"),
        (1, True, None),
        (10, True, None),
        (11, False, "pictures_too_many"),
    ],
)
def test_one_to_ten_pictures_are_shown(count: int, whole: bool, code: str | None) -> None:
    refusal = policy.pictures(count, whole=whole)

    assert (refusal and refusal.code) == code


def draft(**facts: object) -> Draft:
    """A draft with nothing in it but these facts."""
    nothing: dict[str, object] = {
        "title": "", "description": "", "price_minor": None, "category": None, "condition": None, "brand": None,
        "size_system": None, "pictures": 0,
    }  # fmt: skip
    return Draft(**nothing | facts)  # type: ignore[arg-type]


def test_a_draft_may_be_empty_and_a_listing_may_not() -> None:
    assert policy.refusals(draft(), whole=False) == {}
    assert list(policy.refusals(draft(), whole=True)) == [
        "pictures",
        "title",
        "description",
        "category",
        "condition",
        "price_minor",
    ]


def test_a_draft_keeps_the_rules_that_nothing_can_mend_later() -> None:
    broken = draft(title="x" * 101, description="a\0", brand="x" * 51, price_minor=0, pictures=11)

    assert {name: refusal.code for name, refusal in policy.refusals(broken, whole=False).items()} == {
        "pictures": "pictures_too_many",
        "title": "title_too_long",
        "description": "description_unreadable",
        "brand": "brand_too_long",
        "price_minor": "price_too_low",
    }


@pytest.mark.parametrize(
    ("category", "system", "code"),
    [
        (LEAF, "letters", None),
        (LEAF, None, None),
        (LEAF, "eu_shoes", "size_of_other_category"),
        (UNSIZED, None, None),
        (UNSIZED, "letters", "size_not_wanted"),
        (None, "letters", None),
    ],
)
def test_a_size_is_one_of_its_category(category: Leaf | None, system: str | None, code: str | None) -> None:
    refusal = policy.refusals(draft(category=category, size_system=system), whole=False).get("size_id")

    assert (refusal and refusal.code) == code


def test_every_message_can_be_said() -> None:
    whole = draft(title="x" * 101, description="x" * 2001, condition=Condition.GOOD, brand="x" * 51, pictures=11)

    for refusal in policy.refusals(whole, whole=True).values():
        assert "{" not in str(refusal)
