import pytest

from threadly.web.money import minor_units, money, plain, symbol


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (24_50, "EUR", "€24.50"),
        (5, "EUR", "€0.05"),
        (0, "USD", "$0.00"),
        (1_234_567_89, "GBP", "£1,234,567.89"),
        (-3_00, "EUR", "−€3.00"),
        (1250, "JPY", "¥1,250"),
        (1250, "KWD", "KWD\N{NO-BREAK SPACE}1.250"),
        (99_00, "BGN", "BGN\N{NO-BREAK SPACE}99.00"),
        (9007199254740993, "EUR", "€90,071,992,547,409.93"),
    ],
)
def test_an_amount_is_written_to_the_last_minor_unit(minor: int, currency: str, written: str) -> None:
    assert money(minor, currency) == written


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


def test_a_currency_without_a_symbol_is_its_code() -> None:
    assert (symbol("EUR"), symbol("BGN")) == ("€", "BGN")
