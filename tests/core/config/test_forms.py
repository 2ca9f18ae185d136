"""What a setting takes is said in words, and by an example that it takes."""

from typing import Literal

import pytest
from pydantic import Field, SecretStr

from threadly.core.config import Profile, Section, forms, gather, showing, validate
from threadly.core.config.names import Names
from threadly.settings import CONVENTIONAL, Settings

SETTINGS = Names(Settings, prefix="THREADLY_", aliases=CONVENTIONAL).variables
IN_A_FILE_ONLY = {"THREADLY_SITE__TAGLINE", "THREADLY_SITE__COLOURS"}
MADE_BY_A_COMMAND = {"THREADLY_SECURITY__SECRET"}


class Lamp(Section):
    """A lamp."""

    mood: Literal["warm", "cold"] | None = None
    share: float = 0.5
    profile: Profile = Profile.TEST
    name: str = Field(default="", min_length=1, max_length=5)


@pytest.mark.parametrize(
    ("name", "form", "example"),
    [
        ("mood", "warm or cold", "warm"),
        ("share", "a number", "0.5"),
        ("profile", "production, development or test", "test"),
        ("name", "text, 5 characters at most", ""),
    ],
)
def test_a_form_is_words_and_an_example_is_what_one_writes(name: str, form: str, example: str) -> None:
    field = Lamp.model_fields[name]
    assert (forms.form_of(field), forms.example_of(field)) == (form, example)


@pytest.mark.parametrize("name", sorted(SETTINGS.keys() - IN_A_FILE_ONLY))
def test_each_setting_takes_its_own_example(name: str) -> None:
    field = SETTINGS[name].field
    example = forms.example_of(field)
    assert bool(example) is not bool(forms.made_by(field)), name
    if example:
        reading = validate(Settings, gather(Settings, {name: example}))
        assert name not in {mistake.variable for mistake in reading.mistakes}


def test_every_secret_is_of_the_kind_that_nothing_shows() -> None:
    assert [name for name, variable in SETTINGS.items() if forms.kind_of(variable.field) is SecretStr] == []


def test_a_list_of_secrets_is_as_secret_as_one() -> None:
    replicas = SETTINGS["THREADLY_DATABASE__REPLICAS"].field
    assert forms.is_secret(replicas)
    assert forms.form_of(replicas) == "a list, separated by commas, secret"
    assert forms.is_secret(SETTINGS["THREADLY_DATABASE__URL"].field)
    assert not forms.is_secret(SETTINGS["THREADLY_SITE__PAGES"].field)

    address = "postgresql://me:SEKRET@db/shop"
    reading = validate(Settings, gather(Settings, {"THREADLY_DATABASE__REPLICAS": f"{address},{address}"}))
    (shown,) = [each for each in showing(reading) if each.variable == "THREADLY_DATABASE__REPLICAS"]
    assert (shown.value, shown.is_secret) == ("postgresql://db/shop,postgresql://db/shop", True)
