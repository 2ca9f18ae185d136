"""The body of a request."""

import asyncio
from collections.abc import Iterator

import pytest

from threadly.core.asgi import BodyIncomplete, Message, Receive, bounded_body
from threadly.core.errors import TooLarge, TooSlow


class FarTooLarge(TooLarge):
    """For these tests."""

    code = "far_too_large"


def sending(*chunks: bytes, leaves: bool = False) -> Receive:
    """A client that sends these, and then leaves or has ended."""
    messages: Iterator[Message] = iter(
        [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
        + ([{"type": "http.disconnect"}] if leaves else [{"type": "http.request"}])
    )

    async def receive() -> Message:
        return next(messages)

    return receive


@pytest.mark.parametrize("chunks", [(), (b"",), (b"abc",), (b"a", b"", b"bc")])
async def test_all_that_is_sent_is_read(chunks: tuple[bytes, ...]) -> None:
    assert await bounded_body(sending(*chunks), 3) == b"".join(chunks)


async def test_a_byte_more_is_refused_as_whoever_asks_wants() -> None:
    with pytest.raises(FarTooLarge) as refused:
        await bounded_body(sending(b"ab", b"cd"), 3, refusal=FarTooLarge)
    assert refused.value.facts == {"most_bytes": 3}


async def test_who_leaves_early_has_sent_nothing() -> None:
    with pytest.raises(BodyIncomplete):
        await bounded_body(sending(b"ab", leaves=True), 3)


async def test_who_never_sends_the_rest_is_not_waited_for() -> None:
    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    with pytest.raises(TooSlow) as refused:
        await bounded_body(receive, 3, most_seconds=0.05)
    assert refused.value.facts == {"most_seconds": 0.05}
