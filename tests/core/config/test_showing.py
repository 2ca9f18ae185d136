"""Settings are shown with their values and sources, and of a secret nothing."""

from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field

from threadly.core.config import (
    Profile,
    Reading,
    Rule,
    Secret,
    Section,
    Weight,
    address_of,
    by_section,
    gather,
    mending,
    showing,
    validate,
)


class Door(Section):
    """A door."""

    url: Annotated[Secret, address_of("door")] = Field(examples=["door://127.0.0.1"])
    """Where it is."""
    key: Secret | None = Field(default=None, json_schema_extra={"made_by": "keys --make"})
    """Opens it."""
    spare: Secret = Secret("")
    """Opens it, too."""
    sides: tuple[str, ...] = ()
    """How it is told from the other side."""


class House(Section):
    """A house."""

    profile: Profile = Profile.PRODUCTION
    door: Door
    floor: int = 1


KEPT = "# A secret is made once and kept, where nobody else can read it; each start and each machine needs the same."
SHORT: Rule[House] = Rule(
    "keys-are-long",
    Weight.UNSAFE,
    ("THREADLY_DOOR__KEY",),
    "Keys are long.",
    lambda house: "is short" if house.door.key else None,
)
LOW: Rule[House] = Rule(
    "floors-are-few",
    Weight.UNSAFE,
    ("THREADLY_FLOOR",),
    "Floors are few.",
    lambda house: "is high" if house.floor > 9 else None,
    mends="Build lower.",
)


def read(**environment: str) -> Reading[House]:
    given = {f"THREADLY_{name}": value for name, value in environment.items()}
    return validate(House, gather(House, given), rules=(SHORT, LOW))


def shown(reading: Reading[Any]) -> dict[str, tuple[str, str]]:
    return {each.variable.removeprefix("THREADLY_"): (each.value, each.source) for each in showing(reading)}


def test_every_setting_is_shown_with_its_source_and_no_secret() -> None:
    reading = read(DOOR__URL="door://me:SEKRET@there:7/x?password=SEKRET", DOOR__KEY="SEKRET", FLOOR="3")

    assert shown(reading) == {
        "PROFILE": ("production", "default"),
        "DOOR__URL": ("door://there:7/x", "environment"),
        "DOOR__KEY": ("********", "environment"),
        "DOOR__SPARE": ("", "not set"),
        "DOOR__SIDES": ("", "not set"),
        "FLOOR": ("3", "environment"),
    }
    assert [each.variable for each in showing(reading) if each.is_secret] == [
        f"THREADLY_DOOR__{name}" for name in ("URL", "KEY", "SPARE")
    ]


def test_what_cannot_be_read_is_shown_without_its_value() -> None:
    assert shown(read(FLOOR="SEKRET", DOOR__KEY="SEKRET")) == {
        "PROFILE": ("production", "default"),
        "DOOR__URL": ("", "missing"),
        "DOOR__KEY": ("********", "environment"),
        "DOOR__SPARE": ("", "not set"),
        "DOOR__SIDES": ("", "not set"),
        "FLOOR": ("", "environment"),
    }


@pytest.mark.parametrize(
    ("case", "environment", "lines"),
    [
        ("all is well", {"DOOR__URL": "door://there"}, []),
        ("something is missing", {}, ["export THREADLY_DOOR__URL='door://127.0.0.1'"]),
        (
            "a rule asks for another secret, and a number is none",
            {"DOOR__URL": "door://there", "DOOR__KEY": "a"},
            ['export THREADLY_DOOR__KEY="$(keys --make)"', KEPT],
        ),
        ("a number is none", {"DOOR__URL": "door://there", "FLOOR": "x"}, ["export THREADLY_FLOOR='1'"]),
        (
            "a rule asks for something else than an example",
            {"DOOR__URL": "door://there", "FLOOR": "12"},
            ["# environment: THREADLY_FLOOR: Build lower."],
        ),
        ("a name is unknown", {"DOOR__URL": "door://there", "FLUR": "x"}, []),
    ],
)
def test_what_would_mend_it_is_written_for_a_shell(case: str, environment: dict[str, str], lines: list[str]) -> None:
    assert list(mending(read(**environment))) == lines, case


def test_what_stands_in_a_file_is_mended_there(tmp_path: Path) -> None:
    env = tmp_path / "house.env"
    env.write_text("THREADLY_DOOR__URL=SEKRET\nTHREADLY_DOOR__KEY=a\n")
    env.chmod(0o600)
    assert list(mending(read(ENV_FILE=str(env), FLOOR="x"))) == [
        f"# {env}:1: THREADLY_DOOR__URL, as door://127.0.0.1",
        "export THREADLY_FLOOR='1'",
        f"# {env}:2: THREADLY_DOOR__KEY, what `keys --make` prints",
        KEPT,
    ]


def test_mistakes_are_put_under_their_sections() -> None:
    reading = read(FLOOR="x", DOOR__UR="a", FLUR="1")
    grouped = {section: len(found) for section, found in by_section(reading.names, reading.mistakes).items()}
    assert grouped == {"": 2, "door": 2}
