"""Settings come from the environment; mistakes are named together, and no value is ever repeated."""

import traceback
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, SecretStr

from threadly.core.config import ConfigurationError, Section, load


class Lamp(Section):
    """A lamp."""

    url: SecretStr
    """Where it is,
    by its address. Nobody else learns it."""

    watts: int = Field(default=5, ge=1, le=100)
    """How bright it is."""

    glow: timedelta = timedelta(seconds=1)
    """How long it shines after it is switched off."""

    label: str = Field(default="a lamp", min_length=3)
    """What it is called."""


class House(Section):
    """A house."""

    lamp: Lamp
    folder: Path = Path("here")


PARTS = ("THREADLY_LAMP__URL", "THREADLY_LAMP__WATTS", "THREADLY_LAMP__GLOW", "THREADLY_LAMP__LABEL")


def test_a_nested_field_is_read_from_its_variable() -> None:
    house = load(House, {"THREADLY_LAMP__URL": "a", "THREADLY_LAMP__WATTS": "7", "THREADLY_FOLDER": "/x", "OTHER": "y"})

    assert (house.lamp.url.get_secret_value(), house.lamp.watts, house.folder) == ("a", 7, Path("/x"))


def test_a_conventional_name_is_understood_and_ones_own_name_wins() -> None:
    aliases = {"LAMP_URL": "THREADLY_LAMP__URL"}

    assert load(House, {"LAMP_URL": "a"}, aliases=aliases).lamp.url.get_secret_value() == "a"
    both = {"LAMP_URL": "a", "THREADLY_LAMP__URL": "b"}
    assert load(House, both, aliases=aliases).lamp.url.get_secret_value() == "b"


def test_every_mistake_is_reported_at_once_under_its_variables_name() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        load(House, {"THREADLY_LAMP__WATTS": "lots", "THREADLY_LAMP__COLOR": "red"})

    named = [problem.partition(" ")[0].rstrip(":") for problem in refusal.value.problems]
    assert named == ["THREADLY_LAMP__URL", "THREADLY_LAMP__WATTS", "THREADLY_LAMP__COLOR"]


@pytest.mark.parametrize(
    ("case", "environment", "says"),
    [
        ("nothing is said", {}, ["THREADLY_LAMP__URL (or LAMP_URL) is missing: Where it is, by its address."]),
        (
            "a section as one value",
            {"THREADLY_LAMP": "a", "THREADLY_LAMP__URL": "b"},
            [f"THREADLY_LAMP is not a setting itself; its parts are {', '.join(PARTS)}."],
        ),
        (
            "a slip of the pen",
            {"LAMP_URL": "a", "THREADLY_LAMP__WATS": "7"},
            ["THREADLY_LAMP__WATS is no setting of Threadly; did you mean THREADLY_LAMP__WATTS?"],
        ),
        (
            "nothing is near",
            {"LAMP_URL": "a", "THREADLY_XYZ": "7"},
            ["THREADLY_XYZ is no setting of Threadly."],
        ),
        (
            "below a setting",
            {"LAMP_URL": "a", "THREADLY_FOLDER__X": "7"},
            ["THREADLY_FOLDER__X is no setting of Threadly; did you mean THREADLY_FOLDER?"],
        ),
        (
            "too short",
            {"LAMP_URL": "a", "THREADLY_LAMP__LABEL": "ab"},
            ["THREADLY_LAMP__LABEL: 3 characters or more."],
        ),
    ],
)
def test_a_mistake_is_said_with_what_mends_it(case: str, environment: dict[str, str], says: list[str]) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        load(House, environment, aliases={"LAMP_URL": "THREADLY_LAMP__URL"})
    assert refusal.value.problems == says, case


def test_a_section_is_read_by_itself_whatever_the_others_hold() -> None:
    environment = {"LAMP_URL": "a", "THREADLY_FOLDER__X": "7", "THREADLY_NONSENSE": "7"}
    aliases = {"LAMP_URL": "THREADLY_LAMP__URL", "FOLDER": "THREADLY_FOLDER"}

    assert load(Lamp, environment, prefix="THREADLY_LAMP__", aliases=aliases).url.get_secret_value() == "a"
    with pytest.raises(ConfigurationError, match=r"THREADLY_LAMP__URL \(or LAMP_URL\) is missing: Where it is"):
        load(Lamp, {}, prefix="THREADLY_LAMP__", aliases=aliases)


@given(secret=st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=4))
def test_no_value_stands_in_a_message_or_a_traceback(secret: str) -> None:
    broken = {"THREADLY_LAMP__URL": secret, "THREADLY_LAMP__WATTS": secret, "THREADLY_NONSENSE": secret}
    with pytest.raises(ConfigurationError) as refusal:
        load(House, broken)

    assert secret not in "".join(traceback.format_exception(refusal.value))
    assert secret not in repr(refusal.value)


def test_settings_are_frozen() -> None:
    house = load(House, {"THREADLY_LAMP__URL": "a"})

    with pytest.raises(ValueError, match="frozen"):
        house.lamp.watts = 9
