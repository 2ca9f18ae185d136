"""Settings come from the environment; mistakes are named together, and no value is ever repeated."""

import traceback
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, Field

from threadly.core.config import ConfigurationError, Secret, Section, gather, load, validate


class Lamp(Section):
    """A lamp."""

    url: Secret
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


def test_a_nested_field_is_read_from_its_variable() -> None:
    house = load(House, {"THREADLY_LAMP__URL": "a", "THREADLY_LAMP__WATTS": "7", "THREADLY_FOLDER": "/x", "OTHER": "y"})

    assert (house.lamp.url.get_secret_value(), house.lamp.watts, house.folder) == ("a", 7, Path("/x"))


def test_a_conventional_name_is_understood_and_ones_own_name_wins() -> None:
    aliases = {"LAMP_URL": "THREADLY_LAMP__URL"}

    assert load(House, {"LAMP_URL": "a"}, aliases=aliases).lamp.url.get_secret_value() == "a"
    both = {"LAMP_URL": "a", "THREADLY_LAMP__URL": "b"}
    assert load(House, both, aliases=aliases).lamp.url.get_secret_value() == "b"


def test_what_the_command_line_says_wins_over_the_environment() -> None:
    environment = {"THREADLY_LAMP__URL": "a", "THREADLY_LAMP__WATTS": "7"}
    reading = validate(House, gather(House, environment, options={"THREADLY_LAMP__WATTS": "8"}))

    assert reading.usable().lamp.watts == 8
    assert reading.places == {"THREADLY_LAMP__URL": "environment", "THREADLY_LAMP__WATTS": "command line"}


@pytest.mark.parametrize("glow", ["90", "90s", "1.5m", "PT90S", "PT1M30S", "00:01:30"])
def test_a_time_may_be_written_in_any_usual_way(glow: str, tmp_path: Path) -> None:
    file = tmp_path / "house.toml"
    file.write_text(f'[lamp]\nglow = "{glow}"\n')
    for environment in ({"THREADLY_LAMP__GLOW": glow}, {"THREADLY_CONFIG_FILE": str(file)}):
        assert load(House, {"THREADLY_LAMP__URL": "a", **environment}).lamp.glow == timedelta(seconds=90)


def test_every_mistake_is_reported_at_once_under_its_variables_name() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        load(House, {"THREADLY_LAMP__WATTS": "lots", "THREADLY_LAMP__COLOR": "red"})

    named = [mistake.variable for mistake in refusal.value.mistakes]
    assert named == ["THREADLY_LAMP__URL", "THREADLY_LAMP__WATTS", "THREADLY_LAMP__COLOR"]


def test_a_section_is_read_by_itself_whatever_the_others_hold() -> None:
    environment = {"LAMP_URL": "a", "THREADLY_FOLDER__X": "7", "THREADLY_NONSENSE": "7"}
    aliases = {"LAMP_URL": "THREADLY_LAMP__URL", "FOLDER": "THREADLY_FOLDER"}

    assert load(Lamp, environment, aliases=aliases, part_of=House).url.get_secret_value() == "a"
    with pytest.raises(ConfigurationError) as refusal:
        load(Lamp, {}, aliases=aliases, part_of=House)
    (told,) = refusal.value.problems
    assert told.startswith("THREADLY_LAMP__URL (or LAMP_URL) is missing: Where it is")


def test_a_fault_of_a_validator_is_told_by_its_place_and_nothing_else() -> None:
    def breaks(given: str) -> str:
        raise KeyError(given)

    class Shed(Section):
        """A shed."""

        door: Annotated[str, AfterValidator(breaks)]

    gathered = gather(Shed, {"THREADLY_DOOR": "SEKRET"})
    reading = validate(Shed, gathered)
    (mistake,) = reading.mistakes
    assert gathered.mistakes == [], "what was gathered is left as it was"
    assert mistake.says.startswith("The configuration cannot be read: KeyError at ")
    assert "SEKRET" not in repr(reading)


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
