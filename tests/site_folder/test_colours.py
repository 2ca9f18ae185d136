"""Colours that somebody could not read are refused, with the contrast that they have."""

import pytest
from pydantic import ValidationError

from threadly.site_folder import Colours, Palette, contrast

GOOD = {"primary": "#0f6b5c", "secondary": "#3b4d99", "accent": "#ffc94d", "paper": "#fffdf7", "ink": "#1d2b2a"}


def test_contrast_is_what_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#ffffff") == pytest.approx(1)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("name", "colour", "told"),
    [
        ("ink", "#888888", "ink has a contrast of 3"),
        ("primary", "#8fd0c4", "primary has a contrast of 1"),
        ("secondary", "#7a8be0", "secondary has a contrast of 2"),
        ("primary", "green", "hexadecimal digits, like #7a4b00"),
        ("paper", "#fff", "hexadecimal digits, like #7a4b00"),
    ],
)
def test_a_faint_colour_is_refused(name: str, colour: str, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Palette(**(GOOD | {name: colour}))


def test_an_accent_need_only_carry_ink_or_paper() -> None:
    with pytest.raises(ValidationError, match="accent has a contrast of"):
        Palette(**(GOOD | {"ink": "#5a5a5a", "accent": "#999999"}))
    assert Palette(**GOOD).properties()["accent-content"] == GOOD["ink"]


def test_the_style_sheet_sets_each_colour_by_day_and_by_night() -> None:
    sheet = Colours(light=Palette(**GOOD), dark=Palette(**(GOOD | {"paper": "#ffffff"}))).style_sheet()
    day, night = sheet.splitlines()

    assert day.startswith(":root:root:root{--color-base-100:#fffdf7;")
    assert night.startswith("@media (prefers-color-scheme:dark){:root:root:root{--color-base-100:#ffffff;")
    assert "--color-primary:#0f6b5c;--color-primary-content:#fffdf7;" in day
