"""A mistake is said with its variable, where it stands, what it should be and an example."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import AfterValidator, Field

from threadly.core.config import Secret, Section, address_of, gather, spelled, validate


def _no_blue(colour: str) -> str:
    if colour == "#0000ff":
        raise ValueError("is blue")
    return colour


Colour = Annotated[str, spelled("#[0-9a-f]{6}", form="# and six digits", example="#7a4b00"), AfterValidator(_no_blue)]


class Lamp(Section):
    """A lamp."""

    url: Annotated[Secret, address_of("lamp", "lamps")] = Field(examples=["lamp://127.0.0.1"])
    """Where it is, by its address. Nobody else learns it."""

    key: Secret = Field(default=Secret("k" * 9), min_length=8, json_schema_extra={"made_by": "keys --make"})
    """Opens it."""

    watts: int = Field(default=5, ge=1, le=100)
    """How bright it is."""

    glow: timedelta = Field(default=timedelta(seconds=1), ge=timedelta(0))
    """How long it shines after it is switched off."""

    colours: tuple[
        Annotated[str, spelled("#[0-9a-f]{6}", form="# and six digits", example="#7a4b00"), AfterValidator(_no_blue)],
        ...,
    ] = Field(default=(), examples=["#7a4b00,#000000"])
    """What colours it has."""

    is_on: bool = False
    """Whether it shines."""


class House(Section):
    """A house."""

    lamp: Lamp
    folder: Path | None = None
    """Where its plans are."""


WHOLE = {"LAMP_URL": "lamp://a"}
ADDRESS = "an address that begins with lamp:// or lamps://, secret, like lamp://127.0.0.1."
MISSING = f"THREADLY_LAMP__URL (or LAMP_URL) is missing: Where it is, by its address. It should be {ADDRESS}"
PARTS = ", ".join(f"THREADLY_LAMP__{name}" for name in ("URL", "KEY", "WATTS", "GLOW", "COLOURS", "IS_ON"))


def problems(environment: Mapping[str, str]) -> list[str]:
    gathered = gather(House, environment, aliases={"LAMP_URL": "THREADLY_LAMP__URL"})
    return [str(mistake) for mistake in validate(House, gathered).mistakes]


@pytest.mark.parametrize(
    ("case", "environment", "says"),
    [
        (
            "nothing is said",
            {},
            MISSING,
        ),
        (
            "a conventional name, written nearly so",
            {"LAMP_URI": "lamp://a"},
            f"{MISSING} LAMP_URI is set; is that the one?",
        ),
        (
            "under its conventional name",
            {"LAMP_URL": "here"},
            f"LAMP_URL (environment) should be {ADDRESS}",
        ),
        ("no number", WHOLE | {"THREADLY_LAMP__WATTS": "x"}, "should be a whole number, 1 to 100, like 5."),
        ("too many", WHOLE | {"THREADLY_LAMP__WATTS": "101"}, "should be a whole number, 1 to 100, like 5."),
        ("no time", WHOLE | {"THREADLY_LAMP__GLOW": "long"}, "should be a time, 0s or more, like 1s."),
        ("neither", WHOLE | {"THREADLY_LAMP__IS_ON": "perhaps"}, "should be true or false, like false."),
        (
            "too short",
            WHOLE | {"THREADLY_LAMP__KEY": "abc"},
            "THREADLY_LAMP__KEY (environment) should be text, secret, 8 characters or more, made by `keys --make`.",
        ),
        (
            "a section as one value",
            WHOLE | {"THREADLY_LAMP": "a"},
            f"THREADLY_LAMP (environment) is not a setting itself; its parts are {PARTS}.",
        ),
        (
            "below a setting",
            WHOLE | {"THREADLY_FOLDER__X": "7"},
            "THREADLY_FOLDER__X (environment) is no setting; did you mean THREADLY_FOLDER?",
        ),
        ("nothing is near", WHOLE | {"THREADLY_XYZ": "7"}, "THREADLY_XYZ (environment) is no setting."),
        (
            "in small letters",
            WHOLE | {"THREADLY_lamp__watts": "7"},
            "THREADLY_lamp__watts (environment) is no setting; did you mean THREADLY_LAMP__WATTS?",
        ),
    ],
)
def test_a_mistake_is_said_with_what_mends_it(case: str, environment: dict[str, str], says: str) -> None:
    (told,) = problems(environment)
    assert told == says or (says.startswith("should") and told.endswith(f" (environment) {says}")), case


def test_a_wrong_part_of_a_list_is_told_with_what_the_list_is() -> None:
    gathered = gather(House, WHOLE)
    assert problems(WHOLE | {"THREADLY_LAMP__COLOURS": "red"}) == [
        "THREADLY_LAMP__COLOURS (environment) should be a list, separated by commas, like #7a4b00,#000000."
    ]
    assert gathered.mistakes == []
