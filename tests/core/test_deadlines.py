"""One deadline from the edge to whatever waits, which can only come sooner on the way."""

import asyncio

from threadly.core import deadlines


def test_without_an_edge_there_is_no_deadline() -> None:
    assert deadlines.left() is None
    deadlines.renew()
    assert deadlines.left() is None


def test_what_is_left_grows_less_and_is_never_less_than_nothing() -> None:
    with deadlines.within(5.0) as deadline:
        assert 4.0 < (deadlines.left() or 0) <= 5.0
        deadline.at -= 4.5
        assert 0.0 < (deadlines.left() or 0) <= 0.5
        deadline.at -= 100
        assert deadlines.left() == 0.0
        deadlines.renew()
        assert 4.0 < (deadlines.left() or 0) <= 5.0
    assert deadlines.left() is None


def test_within_another_a_deadline_is_only_ever_sooner() -> None:
    with deadlines.within(1.0):
        with deadlines.within(60.0):
            assert (deadlines.left() or 0) <= 1.0
        with deadlines.within(60.0) as later:
            later.renew()
            assert (deadlines.left() or 0) <= 1.0
        with deadlines.within(0.1):
            assert (deadlines.left() or 0) <= 0.1
        assert (deadlines.left() or 0) > 0.1


async def test_what_a_request_leaves_running_behind_it_has_no_deadline_of_a_request_that_is_over() -> None:
    is_over, seen = asyncio.Event(), []

    async def linger() -> None:
        seen.append(deadlines.left())
        await is_over.wait()
        seen.append(deadlines.left())
        deadlines.renew()
        seen.append(deadlines.left())

    with deadlines.within(5.0):
        lingering = asyncio.create_task(linger())
        await asyncio.sleep(0)
    is_over.set()
    await lingering

    during, *after = seen
    assert during is not None
    assert after == [None, None]
