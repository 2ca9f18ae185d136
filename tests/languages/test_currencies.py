"""A currency is one that CLDR knows."""

import pytest

from threadly.languages import expect_currency


@pytest.mark.parametrize("code", ["EUR", "BGN", "CHF", "JPY"])
def test_a_currency_is_known_by_its_code(code: str) -> None:
    assert expect_currency(code) == code


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("LEV", "is no currency by ISO 4217; the Bulgarian Lev is BGN"),
        ("YEN", "is no currency by ISO 4217; the Japanese Yen is JPY"),
        ("ZZZ", "is no currency by ISO 4217"),
    ],
)
def test_what_is_none_is_refused_with_the_one_that_was_meant(code: str, told: str) -> None:
    with pytest.raises(ValueError, match=r"^is no currency") as refusal:
        expect_currency(code)
    assert str(refusal.value) == told
