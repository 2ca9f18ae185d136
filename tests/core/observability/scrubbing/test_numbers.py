"""A number that somebody pays with is known by its sum, and no other number is taken for one."""

import pytest

from threadly.core.observability import scrub_text
from threadly.core.observability.scrubbing.numbers import is_card, is_iban

CARDS = [
    "4111111111111111",
    "5555555555554444",
    "378282246310005",
    "6011111111111117",
    "30569309025904",
    "4222222222222",
]
IBANS = ["DE89370400440532013000", "GB82WEST12345698765432", "BG80BNBG96611020345678", "IE29AIBK93115212345678"]


@pytest.mark.parametrize("number", CARDS)
def test_a_card_is_hidden_however_it_is_written(number: str) -> None:
    assert is_card(number)
    assert scrub_text(f"paid with {number}, thanks") == "paid with [card], thanks"


@pytest.mark.parametrize("gap", [" ", "-", "\u00a0", ".", "/", "\n", "\r\n", "\t", " - "])
def test_a_card_in_groups_is_hidden(gap: str) -> None:
    assert scrub_text(f"({gap.join(['4111', '1111', '1111', '1111'])})") == "([card])"
    assert scrub_text(gap.join(["3782", "822463", "10005"])) == "[card]"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("-4111111111111111", "-[card]"),
        ("4111111111111111.0", "[card].0"),
        ("4111111111111111 12/28", "[card] 12/28"),
        ("4111 1111 1111 1111 123", "[card]"),
        ("4111 1111 1111 1111\n12 of them", "[card] of them"),
        ("order 5000 4111 1111 1111 1111", "order [card]"),
    ],
)
def test_a_card_is_hidden_whatever_stands_beside_it(written: str, told: str) -> None:
    assert scrub_text(written) == told


@pytest.mark.parametrize("number", CARDS)
def test_a_number_with_another_sum_stays(number: str) -> None:
    other = number[:-1] + str((int(number[-1]) + 1) % 10)

    assert not is_card(other)
    assert scrub_text(f"no {other}.") == f"no {other}."


@pytest.mark.parametrize("number", IBANS)
def test_an_account_is_hidden_whatever_follows_it(number: str) -> None:
    in_groups = " ".join(number[at : at + 4] for at in range(0, len(number), 4))

    assert is_iban(number)
    assert scrub_text(f"to {number}") == "to [iban]"
    assert scrub_text(f"to {in_groups} AND NO OTHER 1234") == "to [iban] AND NO OTHER 1234"


def test_an_account_with_other_check_digits_stays() -> None:
    assert scrub_text("DE88370400440532013000") == "DE88370400440532013000"


@pytest.mark.parametrize(
    "text",
    [
        "0192f3a4-1234-7234-8234-123456789012",
        "41111111-1111-4111-8111-111111111111",
        "order 202611270001 of 2026-11-27T07:55:07.123456Z",
        "EUR 1,299.00; sizes 36 38 40 42 44 46 48 50 52",
        "1764230107123456789",
        "0.41111111111111111",
        "2026/11/27 07:55, 10.20.30.40, 3500/4200/5000/6000",
        "4711.50\n3900.00\n5200.25\n2999.99",
    ],
)
def test_ids_days_prices_and_sizes_stay_whole(text: str) -> None:
    assert scrub_text(text) == text
