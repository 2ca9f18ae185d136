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
    """Where it is."""

    watts: int = Field(default=5, ge=1, le=100)
    """How bright it is."""

    glow: timedelta = timedelta(seconds=1)
    """How long it shines after it is switched off."""


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


def test_every_mistake_is_reported_at_once_under_its_variables_name() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        load(House, {"THREADLY_LAMP__WATTS": "lots", "THREADLY_LAMP__COLOR": "red"})

    named = [problem.partition(":")[0] for problem in refusal.value.problems]
    assert named == ["THREADLY_LAMP__URL", "THREADLY_LAMP__WATTS", "THREADLY_LAMP__COLOR"]


@pytest.mark.parametrize("environment", [{"THREADLY_LAMP": "a", "THREADLY_LAMP__URL": "b"}, {"THREADLY_LAMP": "a"}])
def test_a_section_given_as_one_value_is_refused(environment: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="THREADLY_LAMP"):
        load(House, environment)


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
