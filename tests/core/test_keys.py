"""A ring of keys: the newest that has rested signs, all verify, and what one has signed ends with it."""

import pickle
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from threadly.core.keys import ID_BYTES, Key, KeyRing, made_now

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OLD, NEW = Key(b"o" * 32, NOON - 30 * 24 * HOUR), Key(b"n" * 32, NOON)
MESSAGE = b"a message"


@given(message=st.binary(max_size=200), size=st.integers(16, 32))
def test_what_a_ring_has_signed_fits_in_every_ring_with_that_key(message: bytes, size: int) -> None:
    signature = KeyRing([OLD]).seal("p", size=size).sign(message)
    assert len(signature) == ID_BYTES + size
    assert KeyRing([NEW, OLD]).seal("p", size=size).fits(signature, message)
    assert not KeyRing([NEW]).seal("p", size=size).fits(signature, message)
    assert not KeyRing([OLD]).seal("p", size=size).fits(signature, message + b"!")


@given(place=st.integers(0, ID_BYTES + 31), bit=st.integers(0, 7))
def test_a_signature_that_differs_in_any_bit_does_not_fit(place: int, bit: int) -> None:
    seal = KeyRing([OLD, NEW]).seal("p")
    signature = bytearray(seal.sign(MESSAGE))
    signature[place] ^= 1 << bit
    assert not seal.fits(bytes(signature), MESSAGE)


@pytest.mark.parametrize("signature", [b"", b"\0" * 4, b"\0" * 36, b"\0" * 35, b"\xff" * 36, b"\0" * 1000])
def test_what_is_no_signature_and_an_unknown_id_do_not_fit(signature: bytes) -> None:
    assert not KeyRing([OLD, NEW]).seal("p").fits(signature, MESSAGE)
    assert not KeyRing([OLD, NEW]).seal("p").fits(KeyRing.of(b"x" * 32).seal("p").sign(MESSAGE), MESSAGE)


def test_an_id_of_one_key_does_not_help_the_signature_of_another() -> None:
    old, new = KeyRing([OLD]).seal("p").sign(MESSAGE), KeyRing([NEW]).seal("p").sign(MESSAGE)
    assert not KeyRing([OLD, NEW]).seal("p").fits(old[:ID_BYTES] + new[ID_BYTES:], MESSAGE)


def test_what_was_signed_for_one_purpose_is_nothing_for_another() -> None:
    ring = KeyRing([OLD])
    assert not ring.seal("csrf").fits(ring.seal("cursors").sign(MESSAGE), MESSAGE)
    assert ring.secret("csrf") != ring.secret("looks")


@given(secret=st.binary(min_size=32, max_size=64), purpose=st.text(max_size=40))
def test_keys_are_derived_by_hkdf_as_the_cryptography_package_does(secret: bytes, purpose: str) -> None:
    theirs = HKDF(SHA256(), length=32, salt=b"threadly.core.keys/1", info=purpose.encode()).derive(secret)
    assert KeyRing.of(secret).secret(purpose) == theirs


def test_a_new_key_verifies_at_once_and_signs_when_it_has_rested() -> None:
    before, after = (KeyRing(keys, rests=HOUR).seal("p") for keys in ([OLD], [OLD, NEW]))
    for minutes, signs in ((0, OLD), (59, OLD), (60, NEW), (600, NEW)):
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            signature = after.sign(MESSAGE)
        assert signature[:ID_BYTES] == signs.number.to_bytes(ID_BYTES, "big")
        assert before.fits(signature, MESSAGE) is (signs is OLD)
        assert after.fits(signature, MESSAGE)


def test_where_all_keys_are_new_the_oldest_signs() -> None:
    with time_machine.travel(NOON, tick=False):
        assert KeyRing([NEW], rests=HOUR).signing() is NEW
        later = Key(b"l" * 32, NOON + HOUR)
        assert KeyRing([later, NEW], rests=HOUR).signing() is NEW


def test_what_hides_and_does_not_sign_can_ask_for_the_key_of_another_moment() -> None:
    ring = KeyRing([OLD, NEW], rests=HOUR)
    assert ring.secret("looks", at=NOON) == KeyRing([OLD]).secret("looks")
    assert ring.secret("looks", at=NOON + HOUR) == KeyRing([NEW]).secret("looks")


def test_a_ring_without_a_key_or_with_one_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="without a key"):
        KeyRing([])
    with pytest.raises(ValueError, match="same id"):
        KeyRing([OLD, Key(b"x" * 32, OLD.made)])
    with pytest.raises(ValueError, match="same secret"):
        KeyRing([OLD, Key(b"o" * 32, NOON)])
    with pytest.raises(ValueError, match="16 to 32"):
        KeyRing([OLD]).seal("p", size=15)


def test_a_key_that_is_made_can_be_read_and_is_new_each_time() -> None:
    with time_machine.travel(NOON, tick=False):
        written = [made_now() for _ in range(100)]
        next_one = Key.read(made_now(after=NOON))
    assert len({Key.read(each).derived("p") for each in written}) == 100
    assert {Key.read(each).id for each in written} == {"20261127T120000Z"}
    assert next_one.id == "20261127T120001Z"
    assert Key.read(written[0]).made == NOON


@pytest.mark.parametrize(
    ("case", "written"),
    [
        ("nothing", ""),
        ("no id", "k" * 43),
        ("no colon", "20261127T120000Z" + "k" * 43),
        ("an id of one's own", "first:" + "k" * 43),
        ("no such day", "20260230T120000Z:" + "k" * 43),
        ("no such hour", "20261127T250000Z:" + "k" * 43),
        ("the beginning of 1970", "19700101T000000Z:" + "k" * 43),
        ("before it", "19691231T235959Z:" + "k" * 43),
        ("after four bytes", "21060207T062816Z:" + "k" * 43),
        ("31 characters", "20261127T120000Z:" + "k" * 31),
        ("a space", "20261127T120000Z:" + "k" * 20 + " " + "k" * 20),
        ("a letter of another alphabet", "20261127T120000Z:" + "к" * 43),
        ("other digits", "２０261127T120000Z:" + "k" * 43),
        ("a line feed behind", "20261127T120000Z:" + "k" * 43 + "\n"),
    ],
)
def test_a_key_in_another_form_is_refused_without_its_text(case: str, written: str) -> None:
    with pytest.raises(ValueError, match="should be an id") as refusal:
        Key.read(written)
    assert "kkk" not in str(refusal.value), case


def test_the_last_key_that_four_bytes_can_name_is_read() -> None:
    assert Key.read("21060207T062815Z:" + "k" * 32).number == (1 << 32) - 1


def test_nothing_shows_a_key() -> None:
    assert repr(OLD) == "<key 20261028T120000Z>"
    assert Key(b"o" * 32).id == "first"
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(OLD)
