import pytest

from threadly.web.money import minor_units, plain


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("24", "EUR", 24_00),
        ("24.5", "EUR", 24_50),
        (" 24,50 ", "EUR", 24_50),
        ("0.01", "EUR", 1),
        ("0", "EUR", 0),
        ("1250", "JPY", 1250),
        ("1.250", "KWD", 1250),
    ],
)
def test_what_a_person_types_is_read_to_the_minor_unit(typed: str, currency: str, minor: int) -> None:
    assert minor_units(typed, currency) == minor


@pytest.mark.parametrize("typed", ["", "-1", "+1", "1e3", "1.234", "1.", ".5", "ten", "٣", "1 000", "1_000", "9" * 10])
def test_what_is_no_amount_is_none(typed: str) -> None:
    assert minor_units(typed, "EUR") is None


def test_a_currency_without_cents_takes_none() -> None:
    assert minor_units("12.5", "JPY") is None


@pytest.mark.parametrize(("minor", "written"), [(24_00, "24"), (24_50, "24.50"), (5, "0.05")])
def test_a_form_field_holds_what_can_be_read_back(minor: int, written: str) -> None:
    assert plain(minor, "EUR") == written
    assert minor_units(written, "EUR") == minor


def test_a_form_field_has_the_decimal_sign_of_its_language() -> None:
    assert plain(24_50, "EUR", ",") == "24,50"
    assert minor_units("24,50", "EUR") == 24_50
