"""Nobody waits longer than they said, not even for a call that does not let itself be cancelled."""

import asyncio
import socket
import time

import pytest

from threadly.core.security.limits.patience import Patience


async def stubborn(until: asyncio.Event) -> None:
    """Goes on whoever cancels it."""
    while not until.is_set():
        try:
            await until.wait()
        except asyncio.CancelledError:
            continue


async def test_what_answers_in_time_is_given() -> None:
    async def answer() -> int:
        return 7

    assert await Patience(30.0).wait(answer()) == 7


async def test_what_fails_fails() -> None:
    async def fail() -> None:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await Patience(30.0).wait(fail())


async def test_a_call_that_swallows_its_cancellation_keeps_nobody() -> None:
    until = asyncio.Event()
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        await Patience(0.05).wait(stubborn(until))
    assert time.monotonic() - began < 5.0
    until.set()


async def test_when_one_has_failed_all_are_let_go() -> None:
    patience, until = Patience(3600.0), asyncio.Event()
    waiting = [asyncio.create_task(patience.wait(until.wait())) for _ in range(3)]
    await asyncio.sleep(0)
    patience.lose()
    assert [type(found) for found in await asyncio.gather(*waiting, return_exceptions=True)] == [TimeoutError] * 3


async def test_who_is_cancelled_is_and_so_is_the_call() -> None:
    until = asyncio.Event()
    call = asyncio.ensure_future(until.wait())

    async def wait() -> bool:
        return await call

    waiting = asyncio.create_task(Patience(3600.0).wait(wait()))
    await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(asyncio.CancelledError):
        await call


async def test_an_answer_that_came_while_the_loop_stood_still_is_no_failure() -> None:
    reader, writer = await asyncio.open_connection(sock=(pair := socket.socketpair())[0])

    async def ask() -> bytes:
        return await reader.readline()

    asking = asyncio.create_task(Patience(0.05).wait(ask()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    pair[1].send(b"here\n")
    time.sleep(0.2)  # noqa: ASYNC251 - that is the point
    assert await asking == b"here\n"
    writer.close()
    pair[1].close()
