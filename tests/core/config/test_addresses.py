"""An address that no driver could read is refused by its variable's name, and nothing of it is repeated."""

import traceback
from typing import Annotated

import pytest

from threadly.core.config import ConfigurationError, Secret, Section, address_of, load


class Lamp(Section):
    """A lamp."""

    url: Annotated[Secret, address_of("postgresql", "postgres")]
    """Where it is."""


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://db.example/lamps",
        "postgres://u:p@db.example:5432/lamps?sslmode=require",
        "postgresql://u:a%2Fb%40@[::1]:5432/lamps",
        "postgresql://u:p@/lamps?host=/run/sockets",
        "postgresql://a:5432,b:5433/lamps",
    ],
)
def test_what_drivers_read_is_accepted(address: str) -> None:
    assert load(Lamp, {"THREADLY_URL": address}).url.get_secret_value() == address


@pytest.mark.parametrize(
    ("case", "address"),
    [
        ("a slash in the password", "postgresql://u:SEKRET/x@db.example:5432/lamps"),
        ("a hash in the password", "postgresql://u:SEKRET#x@db.example:5432/lamps"),
        ("a question mark in the password", "postgresql://u:SEKRET?x@db.example:5432/lamps"),
        ("another kind of server", "mysql://u:SEKRET@db.example/lamps"),
        ("no address at all", "SEKRET"),
        ("a port that is a word", "postgresql://db.example:SEKRET/lamps"),
    ],
)
def test_what_no_driver_reads_is_refused_without_a_word_of_it(case: str, address: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        load(Lamp, {"THREADLY_URL": address})

    assert "THREADLY_URL" in str(refusal.value), case
    assert "SEKRET" not in "".join(traceback.format_exception(refusal.value))
