"""Rules are checked by themselves, also where other settings cannot be read; a fault of one is told without a value."""

from pathlib import Path

import pytest

from threadly.core.config import Broken, Profile, Reading, Rule, Section, Weight, gather, validate


class Lamp(Section):
    """A lamp."""

    watts: int = 5
    glow: int = 1


class Door(Section):
    """A door."""

    key: str


class House(Section):
    """A house."""

    profile: Profile = Profile.PRODUCTION
    lamp: Lamp = Lamp()
    door: Door


def _too_bright(house: House) -> str | None:
    return "is too bright" if house.lamp.watts > 10 else None


def _fails(house: House) -> str | None:
    raise KeyError(house.door.key)


BRIGHT = Rule("lamps-are-dim", Weight.UNSAFE, ("THREADLY_LAMP__WATTS",), "Lamps are dim.", _too_bright)
FAILING = Rule("doors-fail", Weight.BROKEN, ("THREADLY_DOOR__KEY",), "Doors work.", _fails)
TWO: Rule[House] = Rule(
    "lamps-agree",
    Weight.UNWISE,
    ("THREADLY_LAMP__WATTS", "THREADLY_LAMP__GLOW"),
    "Lamps agree.",
    lambda house: (
        Broken("do not agree", ("THREADLY_LAMP__GLOW",), "Less glow.") if house.lamp.glow > house.lamp.watts else None
    ),
)


def read(*rules: Rule[House], **environment: str) -> Reading[House]:
    return validate(
        House, gather(House, {f"THREADLY_{name}": value for name, value in environment.items()}), rules=rules
    )


def test_a_broken_rule_is_told_with_its_variable_what_should_hold_and_its_code() -> None:
    reading = read(BRIGHT, DOOR__KEY="a", LAMP__WATTS="11")

    (mistake,) = reading.mistakes
    assert mistake.says == "THREADLY_LAMP__WATTS (environment): is too bright. Lamps are dim. [lamps-are-dim]"
    assert (mistake.rule, mistake.variable, mistake.place) == ("lamps-are-dim", "THREADLY_LAMP__WATTS", "environment")
    assert reading.settings is not None


@pytest.mark.parametrize("profile", ["development", "test"])
def test_outside_of_production_it_is_a_warning(profile: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # development reads .env where it is started, and here may be one
    reading = read(BRIGHT, DOOR__KEY="a", LAMP__WATTS="11", PROFILE=profile)
    assert reading.usable().lamp.watts == 11
    assert [warning.rule for warning in reading.warnings] == ["lamps-are-dim"]


def test_a_rule_may_name_those_of_its_variables_that_break_it() -> None:
    (warning,) = read(TWO, DOOR__KEY="a", LAMP__GLOW="9").warnings
    assert warning.says == "THREADLY_LAMP__GLOW (environment): do not agree. Lamps agree. [lamps-agree]"
    assert warning.mends == "Less glow."


def test_rules_are_checked_where_what_they_read_is_right_whatever_else_is_missing() -> None:
    reading = read(BRIGHT, FAILING, LAMP__WATTS="11")
    assert [(mistake.variable, mistake.rule) for mistake in reading.mistakes] == [
        ("THREADLY_DOOR__KEY", ""),
        ("THREADLY_LAMP__WATTS", "lamps-are-dim"),
    ]


def test_a_rule_that_fails_is_told_by_its_place_and_nothing_else() -> None:
    (mistake,) = read(FAILING, DOOR__KEY="SEKRET").mistakes
    assert "cannot be checked: KeyError at " in mistake.says
    assert "SEKRET" not in repr(mistake)
