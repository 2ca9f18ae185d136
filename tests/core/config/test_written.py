"""Settings in a file: a variable wins, and a mistake is told by its place."""

from typing import Any

import pytest

from threadly.core.config import ConfigurationError, Mistake, Section, gather, validate, written


class Paint(Section):
    """Colours."""

    red: int
    """How red."""


class Shop(Section):
    """A shop."""

    name: str = "None"
    """Its name."""
    folder: str = ""
    """From the environment only."""
    paint: Paint | None = None
    """Its colours."""


def shop(content: dict[str, Any], environment: dict[str, str], mistakes: tuple[str, ...] = ()) -> Shop:
    gathered = gather(Shop, environment, prefix="SHOP_")
    gathered.add(written(Shop, content, file="shop.toml", prefix="SHOP_", but={"folder"}))
    gathered.mistakes += [Mistake(told) for told in mistakes]
    return validate(Shop, gathered).usable()


def test_a_file_is_read_and_a_variable_wins() -> None:
    assert shop({"name": "File", "paint": {"red": 3}}, {}) == Shop(name="File", paint=Paint(red=3))
    assert shop({"name": "File"}, {"SHOP_NAME": "Variable"}).name == "Variable"


def test_all_mistakes_are_told_at_once_by_file_and_key() -> None:
    content = {"nam": "x", "folder": "y", "name": 3, "paint": {"red": "very", "blue": 1, "rad": 2}}
    with pytest.raises(ConfigurationError) as refusal:
        shop(content, {"SHOP_SIZE": "1"}, ("logo.svg: is no SVG.",))

    assert refusal.value.problems == [
        "shop.toml: name should be text, like None.",
        "shop.toml: paint.red: Input should be a valid integer, unable to parse string as an integer.",
        "shop.toml: paint.blue is no setting.",
        "shop.toml: paint.rad is no setting; did you mean red?",
        "SHOP_SIZE (environment) is no setting.",
        "shop.toml: nam is no setting; did you mean name?",
        "shop.toml: folder is no setting.",
        "logo.svg: is no SVG.",
    ]


def test_what_a_file_lacks_is_told_by_its_place() -> None:
    with pytest.raises(ConfigurationError, match=r"shop\.toml: paint\.red is missing\."):
        shop({"paint": {}}, {})


def test_a_mistake_in_a_variable_is_told_by_its_name() -> None:
    with pytest.raises(ConfigurationError, match=r"SHOP_PAINT \(environment\) should be a table"):
        shop({"paint": {"red": 1}}, {"SHOP_PAINT": "red"})
