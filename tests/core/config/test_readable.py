"""Of settings that are wrong somewhere, everything else is still seen."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from threadly.core.config import Section, gather
from threadly.core.config.readable import composed, readable, values


def _even(number: int) -> int:
    if number % 2:
        raise ValueError("is odd")
    return number


class Bulb(Section):
    """A bulb."""

    watts: int = Field(default=5, ge=1, le=100)
    """How bright it is."""

    pins: Annotated[int, AfterValidator(_even)] = 2
    """How it is held."""


class Lamp(Section):
    """A lamp."""

    url: str
    """Where it is."""

    bulb: Bulb = Bulb()


class House(Section):
    """A house."""

    lamp: Lamp
    plans: Path | None = None
    """Where its plans are."""


def test_each_variable_is_read_by_itself() -> None:
    gathered = gather(House, {"THREADLY_LAMP__BULB__WATTS": "1000", "THREADLY_LAMP__BULB__PINS": "3"})
    assert readable(gathered) == {"THREADLY_PLANS": None}

    gathered = gather(House, {"THREADLY_LAMP__BULB__WATTS": "7", "THREADLY_PLANS": "here"})
    assert readable(gathered) == {
        "THREADLY_LAMP__BULB__WATTS": 7,
        "THREADLY_LAMP__BULB__PINS": 2,
        "THREADLY_PLANS": Path("here"),
    }


def test_what_may_stand_in_a_place_that_cannot_be_read_has_no_default() -> None:
    gathered = gather(House, {"THREADLY_CONFIG_FILE": "nowhere", "THREADLY_PLANS": "here"})
    assert readable(gathered) == {"THREADLY_PLANS": Path("here")}


def test_settings_are_composed_of_what_could_be_read() -> None:
    gathered = gather(House, {"THREADLY_LAMP__BULB__WATTS": "7"})
    house = composed(House, gathered.names, readable(gathered))

    assert (house.lamp.bulb.watts, house.lamp.bulb.pins, house.plans) == (7, 2, None)
    assert not hasattr(house.lamp, "url")


def test_settings_that_are_right_have_all_their_values() -> None:
    names = gather(House, {}).names
    assert values(House(lamp=Lamp(url="a")), names) == {
        "THREADLY_LAMP__URL": "a",
        "THREADLY_LAMP__BULB__WATTS": 5,
        "THREADLY_LAMP__BULB__PINS": 2,
        "THREADLY_PLANS": None,
    }
