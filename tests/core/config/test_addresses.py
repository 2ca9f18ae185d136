"""An address that no driver could read is refused by its variable's name, and nothing of it is repeated."""

import traceback
from typing import Annotated

import pytest

from threadly.core.config import (
    ConfigurationError,
    Secret,
    Section,
    address_of,
    is_everywhere,
    is_near,
    load,
    password_of,
    places_of,
    shown,
)


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
        "postgresql://a:5432,b:65535/lamps",
    ],
)
def test_what_drivers_read_is_accepted(address: str) -> None:
    assert load(Lamp, {"THREADLY_URL": address}).url.get_secret_value() == address


@pytest.mark.parametrize(
    ("case", "address"),
    [
        ("a slash in the password", "postgresql://u:SEKRET/x@db.example:5432/lamps"),
        ("a hash in the password", "postgresql://u:SEKRET#x@db.example:5432/lamps"),
        ("a slash in a password that begins with digits", "postgresql://u:55/SEKRET@db.example:5432/lamps"),
        ("a hash in one", "postgresql://u:55#SEKRET@db.example:5432/lamps"),
        ("a question mark in one", "postgresql://u:55?SEKRET@db.example:5432/lamps"),
        ("a question mark in the password", "postgresql://u:SEKRET?x@db.example:5432/lamps"),
        ("another kind of server", "mysql://u:SEKRET@db.example/lamps"),
        ("no address at all", "SEKRET"),
        ("a port that is a word", "postgresql://db.example:SEKRET/lamps"),
        ("a port that no machine has", "postgresql://u:SEKRET@db.example:65536/lamps"),
        ("a line's end behind it", "postgresql://u:SEKRET@db.example/lamps\n"),
        ("a line's end in it", "postgresql://u:SEKRET@db.example/\nlamps"),
        ("a blank behind it", "postgresql://u:SEKRET@db.example/lamps "),
        ("a blank before it", " postgresql://u:SEKRET@db.example/lamps"),
        ("one of several", "postgresql://u:SEKRET@db.example:5432,db2.example:65536/lamps"),
    ],
)
def test_what_no_driver_reads_is_refused_without_a_word_of_it(case: str, address: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        load(Lamp, {"THREADLY_URL": address})

    assert "THREADLY_URL" in str(refusal.value), case
    assert "SEKRET" not in "".join(traceback.format_exception(refusal.value))


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("127.0.0.1", True),
        ("2130706433", True),
        ("10.1.2.3", True),
        ("0xa.1.2.3", True),
        ("db", True),
        ("db.internal", True),
        ("/run/sockets", True),
        ("8.8.8.8", False),
        ("134744072", False),
        ("0x8.8.8.8", False),
        ("2001:4860:4860::8888", False),
        ("db.example.com", False),
    ],
)
def test_a_host_is_near_or_far_however_its_number_is_written(host: str, near: bool) -> None:
    assert is_near(host) is near


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "0", "0:0:0:0:0:0:0:0", "0x0"])
def test_everywhere_is_everywhere_however_it_is_written(host: str) -> None:
    assert is_everywhere(host)
    assert not is_everywhere("127.0.0.1")


@pytest.mark.parametrize("address", ["postgresql://u:a%2Fb@db/x", "postgresql://db/x?user=u&password=a/b"])
def test_a_password_is_found_wherever_it_stands(address: str) -> None:
    assert password_of(Secret(address)) == "a/b"


@pytest.mark.parametrize(
    ("address", "places"),
    [
        ("postgresql://me:a%3A1@Db/shop", [("db", "5432")]),
        ("postgresql://db:6000/shop", [("db", "6000")]),
        ("postgresql://one,two:6000/shop", [("one", "5432"), ("two", "6000")]),
        ("postgresql://[::1]/shop", [("[::1]", "5432")]),
        ("postgresql://[::1]:6000/shop", [("[::1]", "6000")]),
        ("postgresql:///shop?host=/run/one,/run/two", [("/run/one", "5432"), ("/run/two", "5432")]),
        ("postgresql:///shop?host=/run/one,/run/two&port=6000", [("/run/one", "6000"), ("/run/two", "6000")]),
        ("postgresql:///shop?host=one,two&port=1,2", [("one", "1"), ("two", "2")]),
    ],
)
def test_each_host_of_an_address_has_its_port(address: str, places: list[tuple[str, str]]) -> None:
    assert places_of(Secret(address), port="5432") == places


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (
            "postgresql://u:SEKRET@db.example:5432/lamps?sslmode=require&password=SEKRET",
            "postgresql://db.example:5432/lamps",
        ),
        ("postgresql://u:SEKRET@/lamps?host=/run/sockets&port=5433", "postgresql:///lamps?host=/run/sockets&port=5433"),
        ("postgresql://a:5432,b:5433/lamps", "postgresql://a:5432,b:5433/lamps"),
    ],
)
def test_an_address_is_shown_by_where_it_is_and_without_who_signs_in(address: str, told: str) -> None:
    assert shown(Secret(address)) == told
