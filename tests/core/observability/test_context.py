"""Whatever happens inside of a piece of work knows which one it is."""

import asyncio

import pytest

from threadly.core.observability import Work, current


def test_work_is_known_inside_of_it_and_nowhere_else() -> None:
    assert current() is None
    with Work(request_id="a") as outer:
        with Work(job="b", job_id=1) as inner:
            assert current() is inner
        assert current() is outer
    assert current() is None


def test_work_ends_with_a_failure_too() -> None:
    with pytest.raises(LookupError), Work(request_id="a"):
        raise LookupError

    assert current() is None


async def test_who_began_it_sees_what_tasks_inside_have_added() -> None:
    async def inside() -> None:
        work = current()
        assert work is not None
        work.route = "/items/{id}"

    with Work(request_id="a") as work:
        await asyncio.create_task(inside())

    assert work.route == "/items/{id}"


async def test_two_at_the_same_time_do_not_see_each_other() -> None:
    async def one(name: str) -> str:
        with Work(request_id=name):
            await asyncio.sleep(0)
            work = current()
            return str(work.request_id if work else None)

    assert list(await asyncio.gather(one("a"), one("b"))) == ["a", "b"]
