"""The body of a request."""

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from threadly.core.asgi import BodyIncomplete, BodyLimit, Message, Metered, Receive, bounded_body, metered, whole_body
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


def dripping(seconds: float, piece: bytes = b"x") -> Receive:
    """A client that sends a piece now and then, for ever."""

    async def receive() -> Message:
        await asyncio.sleep(seconds)
        return {"type": "http.request", "body": piece, "more_body": True}

    return receive


async def test_who_lets_a_body_drip_is_not_waited_for_either() -> None:
    bounded = Metered(dripping(0.01), BodyLimit(1000, seconds=0.1, most_seconds=5.0))
    with pytest.raises(TooSlow) as refused:
        await whole_body(bounded)
    assert 1 <= bounded.size <= 12, "each byte has earned a 4,096th of a second"
    assert (type(bounded.problem), bounded.problem and bounded.problem.facts) == (TooSlow, refused.value.facts)
    with pytest.raises(TooSlow):
        await bounded()


async def test_who_keeps_sending_has_longer_and_not_for_ever() -> None:
    fast = BodyLimit(10**9, seconds=0.1, most_seconds=0.4, bytes_a_second=4096)
    bounded = Metered(dripping(0.01, bytes(4096)), fast)
    began = asyncio.get_running_loop().time()
    with pytest.raises(TooSlow):
        await whole_body(bounded)
    assert 0.35 <= asyncio.get_running_loop().time() - began < 2.0
    assert bounded.size > 10 * 4096


async def test_a_pause_in_what_came_fast_is_no_longer_than_another() -> None:
    sent = [bytes(100_000)]

    async def receive() -> Message:
        if not sent:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": sent.pop(), "more_body": True}

    with pytest.raises(TooSlow):
        await whole_body(Metered(receive, BodyLimit(10**9, seconds=5.0, most_seconds=60.0, idle_seconds=0.05)))


async def test_behind_the_whole_body_nothing_is_bounded() -> None:
    """What an application waits for then is that its client leaves."""
    whole = iter([b"abc"])

    async def receive() -> Message:
        for piece in whole:
            return {"type": "http.request", "body": piece, "more_body": False}
        await asyncio.sleep(0.2)
        return {"type": "http.disconnect"}

    bounded = Metered(receive, BodyLimit(3, seconds=0.05, most_seconds=0.05, idle_seconds=0.05))
    assert await whole_body(bounded) == b"abc"
    assert (await bounded())["type"] == "http.disconnect"


async def test_an_outer_time_limit_is_not_taken_for_the_body_s() -> None:
    bounded = Metered(dripping(10.0), BodyLimit(3))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await bounded()
    assert bounded.problem is None


async def test_what_is_bounded_already_is_not_bounded_twice() -> None:
    bounded = Metered(sending(b"abc"), BodyLimit(3))
    assert metered(bounded, BodyLimit(3)) is bounded
    assert metered(bounded, BodyLimit(2)) is not bounded


@pytest.mark.parametrize("body", [b"too long", b""])
async def test_nothing_keeps_what_receives_once_the_body_is_refused(body: bytes) -> None:
    """A server may wait for it before it closes a connection: that must not take until the next collection."""

    class Receiving:
        async def __call__(self) -> Message:
            if not body:
                await asyncio.Event().wait()
            return {"type": "http.request", "body": body, "more_body": True}

    gc.disable()
    try:
        receive = Receiving()
        kept = weakref.ref(receive)
        bounded = Metered(receive, BodyLimit(3, seconds=0.02))
        try:
            await whole_body(bounded)
        except (TooLarge, TooSlow):
            assert bounded.problem is not None
        del receive, bounded
        await asyncio.sleep(0)  # what was cancelled is let go by the loop
        assert kept() is None
    finally:
        gc.enable()
