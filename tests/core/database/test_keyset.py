"""A cursor opens the list it was made for, and nothing else."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from threadly.core.database import CursorRejected, Cursors
from threadly.core.keys import KeyRing

CURSORS = Cursors(KeyRing.of(b"k" * 32))


class Key(msgspec.Struct, frozen=True, array_like=True):
    at: datetime
    id: UUID


class OtherShape(msgspec.Struct, frozen=True, array_like=True):
    price: int
    id: UUID


KEY = Key(datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC), UUID(int=7))


@given(at=st.datetimes(timezones=st.just(UTC)), id=st.uuids(), query=st.text())
def test_what_was_sealed_comes_back_to_the_microsecond(at: datetime, id: UUID, query: str) -> None:
    assert CURSORS.open(CURSORS.seal(Key(at, id), query=query), Key, query=query) == Key(at, id)


@given(st.data())
def test_a_cursor_changed_in_any_place_is_refused(data: st.DataObject) -> None:
    cursor = CURSORS.seal(KEY, query="q")
    place = data.draw(st.integers(0, len(cursor) - 2))  # the last character carries padding bits that do not count
    other = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
    assume(other != cursor[place])

    with pytest.raises(CursorRejected):
        CURSORS.open(cursor[:place] + other + cursor[place + 1 :], Key, query="q")


@given(st.text(max_size=600))
def test_made_up_text_is_refused(text: str) -> None:
    with pytest.raises(CursorRejected):
        CURSORS.open(text, Key, query="q")


def test_a_cursor_of_another_query_another_secret_or_another_shape_is_refused() -> None:
    cursor = CURSORS.seal(KEY, query="q")

    for cursors, kind, query in (
        (CURSORS, Key, "another"),
        (Cursors(KeyRing.of(b"x" * 32)), Key, "q"),
        (CURSORS, OtherShape, "q"),
    ):
        with pytest.raises(CursorRejected):
            cursors.open(cursor, kind, query=query)


def test_moving_bytes_between_key_and_query_does_not_keep_the_signature() -> None:
    first, second = CURSORS.seal(Key(KEY.at, uuid4()), query="ab"), CURSORS.seal(KEY, query="b")

    assert first != second
    with pytest.raises(CursorRejected):
        CURSORS.open(first, Key, query="b")


def test_an_unsigned_payload_is_never_decoded() -> None:
    forged = urlsafe_b64encode(bytes(16) + msgspec.msgpack.encode(KEY)).rstrip(b"=").decode()

    with pytest.raises(CursorRejected):
        CURSORS.open(forged, Key, query="q")
