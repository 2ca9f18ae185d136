"""Keys are told as a list; what is wrong with one is told by name, without a byte of it."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.settings.installations import GOOD
from threadly.settings import read, security_reading

OLD = "20261001T080000Z:Vb3nQ8wZ1rT6yU0pL5kJ9hG2fD4sA7xC"
NEW = "20261127T120000Z:mK9jH3gF7dS1aP5oI2uY8tR4eW6qZ0xN"
ALONE = {name: value for name, value in GOOD.items() if name != "THREADLY_SECURITY__SECRET"}


@pytest.mark.parametrize("written", [f"{NEW},{OLD}", f"{OLD}, {NEW}", f"{OLD}\n{NEW}\n", f"\n{NEW}\r\n\r\n{OLD}"])
def test_keys_stand_in_any_order_by_commas_or_by_lines(written: str) -> None:
    security = read({**ALONE, "THREADLY_SECURITY__KEYS": written}).usable().security
    assert [key.id for key in security.ring.keys] == ["20261127T120000Z", "20261001T080000Z"]
    assert security.ring.rests == timedelta(hours=1)


def test_a_single_secret_is_a_ring_of_its_own_and_the_oldest_key_of_others() -> None:
    assert [key.id for key in read(GOOD).usable().security.ring.keys] == ["first"]
    both = read({**GOOD, "THREADLY_SECURITY__KEYS": NEW}).usable().security.ring
    assert [key.id for key in both.keys] == ["20261127T120000Z", "first"]
    signature = read(GOOD).usable().security.ring.seal("p").sign(b"m")
    assert both.seal("p").fits(signature, b"m")


def test_a_file_in_the_directory_of_secrets_has_a_key_in_each_line(tmp_path: Path) -> None:
    (tmp_path / "THREADLY_SECURITY__KEYS").write_text(f"{NEW}\n{OLD}\n")
    reading = read({**ALONE, "THREADLY_SECRETS_DIR": str(tmp_path)})
    assert len(reading.usable().security.ring.keys) == 2


@pytest.mark.parametrize(
    ("case", "written", "told"),
    [
        ("no id", NEW.partition(":")[2], "a part of it should be an id, a colon and 32 characters or more"),
        ("a short one", NEW[:-1], "a part of it should be an id, a colon and 32 characters or more"),
        ("an id of one's own", f"mine:{NEW.partition(':')[2]}", "a part of it should be an id, a colon and"),
        ("the same id twice", f"{NEW},{NEW[:17]}{OLD[17:]}", "has two keys with the id 20261127T120000Z"),
        ("one secret twice", f"{NEW},{OLD[:17]}{NEW[17:]}", "same secret in the keys 20261127T120000Z and 20261001T08"),
        ("one wrong among right ones", f"{OLD},x,{NEW}", "a part of it should be an id, a colon and 32 characters"),
    ],
)
def test_what_is_wrong_with_a_key_is_told_by_name_without_a_byte_of_it(case: str, written: str, told: str) -> None:
    reading = read({**ALONE, "THREADLY_SECURITY__KEYS": written})
    (mistake,) = reading.mistakes
    assert "THREADLY_SECURITY__KEYS (environment)" in str(mistake), case
    assert told in str(mistake)
    assert NEW[17:23] not in str(mistake)
    assert OLD[17:23] not in str(mistake)


def test_none_at_all_and_the_secret_among_the_keys_are_refused() -> None:
    (missing,) = read(ALONE).mistakes
    assert str(missing).startswith("THREADLY_SECURITY__SECRET is missing: ")
    secret = GOOD["THREADLY_SECURITY__SECRET"]
    twice, *_ = read({**GOOD, "THREADLY_SECURITY__KEYS": f"{NEW[:17]}{secret}"}).mistakes
    assert "THREADLY_SECURITY__SECRET is one of THREADLY_SECURITY__KEYS" in str(twice)
    assert secret[:6] not in str(twice)


def test_a_key_that_can_be_guessed_or_serves_two_uses_is_refused_in_production() -> None:
    (guessed,) = read({**GOOD, "THREADLY_SECURITY__KEYS": NEW[:17] + "0123456789abcdef" * 3}).mistakes
    assert "secret-is-random" in str(guessed)
    assert "THREADLY_SECURITY__KEYS" in str(guessed)
    both = {"THREADLY_SECURITY__KEYS": NEW, "THREADLY_CACHE__URL": f"redis://:{NEW[17:]}@valkey.internal:6379/0"}
    assert any("secrets-serve-one-use" in str(each) for each in read({**GOOD, **both}).mistakes)


def test_keys_are_read_by_themselves_whatever_is_wrong_elsewhere() -> None:
    reading = security_reading({"THREADLY_SECURITY__KEYS": NEW, "THREADLY_JOBS__POLL": "x"})
    assert [key.id for key in reading.usable().ring.keys] == ["20261127T120000Z"]
    assert reading.places["THREADLY_SECURITY__KEYS"] == "environment"
