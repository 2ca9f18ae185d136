"""Parts start in the order of their needs, and are closed in reverse, whatever fails at whichever of them."""

import asyncio
import contextvars
import inspect
import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from threadly.core.lifecycle import StartOrder, StartOrderError

PARTS = 5


class Broken(Exception):
    """A part does not work."""


@dataclass
class Chain:
    """So many parts, each in need of the one before it, declared from the last to the first."""

    said: list[str] = field(default_factory=list)
    fails_to_start: frozenset[int] = frozenset()
    fails_to_close: frozenset[int] = frozenset()
    hangs_at_start: frozenset[int] = frozenset()
    hangs_at_close: frozenset[int] = frozenset()

    def order(self, close_seconds: float = 10.0) -> StartOrder[object]:
        return StartOrder(whole, *(self.part(k) for k in reversed(range(PARTS))), close_seconds=close_seconds)

    def part(self, number: int) -> Callable[..., AsyncIterator[int]]:
        async def live(**needs: int) -> AsyncIterator[int]:
            assert list(needs.values()) == ([number - 1] if number else [])
            try:
                if number in self.hangs_at_start:
                    await asyncio.sleep(60)
            except asyncio.CancelledError:
                self.said.append(f"~{number}")
                raise
            if number in self.fails_to_start:
                raise Broken(f"start {number}")
            self.said.append(f"+{number}")
            yield number
            if number in self.hangs_at_close:
                await deaf()
            self.said.append(f"-{number}")
            if number in self.fails_to_close:
                raise Broken(f"close {number}")

        needs = [inspect.Parameter(f"part_{number - 1}", inspect.Parameter.KEYWORD_ONLY)] if number else []
        vars(live).update(__signature__=inspect.Signature(needs))
        live.__name__ = f"part_{number}"
        return live


async def deaf() -> None:
    """Takes a minute, and no hint."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            if asyncio.current_task() in ENDED:
                raise


ENDED: set[Any] = set()
"""Tasks that hear in the end, so that the test's loop can."""


def whole() -> str:
    """What the parts make."""
    return "whole"


def ups(count: int) -> list[str]:
    return [f"+{k}" for k in range(count)]


def downs(count: int) -> list[str]:
    return [f"-{k}" for k in reversed(range(count))]


async def test_each_part_starts_behind_what_it_needs_and_all_are_closed_in_reverse() -> None:
    chain = Chain()
    async with chain.order().started() as built:
        assert built == "whole"
        assert chain.said == ups(PARTS)
    assert chain.said == ups(PARTS) + downs(PARTS)


@pytest.mark.parametrize("k", range(PARTS))
async def test_a_part_that_fails_to_start_closes_those_before_it_in_reverse(k: int) -> None:
    chain = Chain(fails_to_start=frozenset({k}))
    with pytest.raises(Broken, match=f"start {k}"):
        async with chain.order().started():
            raise AssertionError("it must not get here")
    assert chain.said == ups(k) + downs(k)


@pytest.mark.parametrize("k", range(PARTS))
async def test_who_is_cancelled_while_a_part_starts_closes_it_and_those_before_it(k: int) -> None:
    chain = Chain(hangs_at_start=frozenset({k}))

    async def start() -> None:
        async with chain.order().started():
            raise AssertionError("it must not get here")

    starting = asyncio.create_task(start())
    await asyncio.sleep(0.05)
    assert chain.said == ups(k)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert chain.said == [*ups(k), f"~{k}", *downs(k)]


@pytest.mark.parametrize("k", range(PARTS))
async def test_a_part_that_fails_to_close_keeps_no_other_from_closing(k: int) -> None:
    chain = Chain(fails_to_close=frozenset({k}))
    with pytest.raises(ExceptionGroup, match="some parts failed to close") as failed:
        async with chain.order().started():
            pass
    assert chain.said == ups(PARTS) + downs(PARTS)
    (error,) = failed.value.exceptions
    assert str(error) == f"close {k}"
    assert error.__notes__ == [f"while part_{k} was closing"]


async def test_all_that_fail_to_close_are_told_together() -> None:
    chain = Chain(fails_to_close=frozenset(range(PARTS)))
    with pytest.raises(ExceptionGroup) as failed:
        async with chain.order().started():
            pass
    assert [str(error) for error in failed.value.exceptions] == [f"close {k}" for k in reversed(range(PARTS))]


@pytest.mark.parametrize("k", range(1, PARTS))
async def test_what_failed_first_is_raised_and_what_failed_to_close_after_it_is_noted(k: int) -> None:
    chain = Chain(fails_to_start=frozenset({k}), fails_to_close=frozenset(range(k)))
    with pytest.raises(Broken, match=f"start {k}") as failed:
        async with chain.order().started():
            pass
    assert chain.said == ups(k) + downs(k)
    assert failed.value.__notes__ == [f"while part_{j} was closing: Broken: close {j}" for j in reversed(range(k))]


async def test_a_failure_of_those_who_use_the_parts_closes_them_and_stays_what_it_is() -> None:
    chain = Chain()
    with pytest.raises(KeyError):
        async with chain.order().started():
            raise KeyError("listing")
    assert chain.said == ups(PARTS) + downs(PARTS)


@pytest.mark.parametrize("k", range(PARTS))
async def test_a_part_that_hangs_while_closing_is_named_and_left_and_the_others_close(
    k: int, caplog: pytest.LogCaptureFixture
) -> None:
    chain = Chain(hangs_at_close=frozenset({k}))
    began = time.monotonic()
    with caplog.at_level(logging.WARNING, "threadly.core.lifecycle"):
        async with chain.order(close_seconds=0.4).started():
            pass
    assert time.monotonic() - began < 1.0
    left = next(task for task in asyncio.all_tasks() if task.get_name() == f"part part_{k}")
    assert chain.said == ups(PARTS) + [said for said in downs(PARTS) if said != f"-{k}"]
    said = [record.getMessage() for record in caplog.records if record.name == "threadly.core.lifecycle"]
    assert [sentence.partition(" within")[0] for sentence in said] == [f"part_{k} did not close"]
    ENDED.add(left)
    left.cancel()
    await asyncio.wait({left})


async def test_closing_ends_also_for_who_is_cancelled_meanwhile_who_hears_of_it_behind_it() -> None:
    chain = Chain()
    closing = asyncio.Event()

    async def slow(part_4: int) -> AsyncIterator[str]:
        yield "slow"
        closing.set()
        await asyncio.sleep(0.05)
        chain.said.append("-slow")

    async def use() -> None:
        order = StartOrder(whole, *(chain.part(k) for k in range(PARTS)), slow)
        async with order.started():
            pass

    using = asyncio.create_task(use())
    await closing.wait()
    using.cancel()
    with pytest.raises(asyncio.CancelledError):
        await using
    assert chain.said == [*ups(PARTS), "-slow", *downs(PARTS)]


async def test_a_part_may_hold_what_belongs_to_one_task() -> None:
    ended = []
    variable = contextvars.ContextVar("variable", default="outside")

    async def group() -> AsyncIterator[asyncio.TaskGroup]:
        token = variable.set("inside")
        async with asyncio.TaskGroup() as tasks, asyncio.timeout(10):
            yield tasks
        variable.reset(token)
        ended.append("group")

    def crew(group: asyncio.TaskGroup) -> asyncio.TaskGroup:
        return group

    async with StartOrder(crew, group).started() as tasks:
        tasks.create_task(asyncio.sleep(0))
        assert variable.get() == "outside"
    assert ended == ["group"]


def test_parts_that_need_each_other_are_refused_by_naming_the_circle() -> None:
    def a(b: int) -> int:
        return b

    def b(c: int) -> int:
        return c

    def c(a: int) -> int:
        return a

    def before(a: int) -> int:
        return a

    with pytest.raises(StartOrderError, match=r"in a circle: a → b → c → a$"):
        StartOrder(whole, before, a, b, c)


def test_a_part_that_needs_itself_is_a_circle_too() -> None:
    def a(a: int) -> int:
        return a

    with pytest.raises(StartOrderError, match=r"in a circle: a → a$"):
        StartOrder(whole, a)


def test_a_need_that_nobody_meets_is_refused_with_the_nearest_name() -> None:
    def database() -> int:
        return 1

    def pictures(databse: int) -> int:
        return databse

    with pytest.raises(StartOrderError, match=r"pictures needs databse, .*; did you mean database\?$"):
        StartOrder(whole, database, pictures)


@dataclass(frozen=True)
class Made:
    """A whole with one field."""

    number: int


def test_what_the_whole_needs_must_be_there_as_well() -> None:
    with pytest.raises(StartOrderError, match=r"Made needs number, and there is no such part$"):
        StartOrder(Made)


def test_a_need_of_another_type_is_refused() -> None:
    def number() -> str:
        return "1"

    with pytest.raises(StartOrderError, match=r"Made needs number as int, and it is str$"):
        StartOrder(Made, number)
    with pytest.raises(StartOrderError, match=r"Made needs number as int, and it is bytes$"):
        StartOrder(Made, given={"number": bytes})


def test_a_name_that_two_have_is_refused() -> None:
    def number() -> int:
        return 1

    with pytest.raises(StartOrderError, match="two parts are called number"):
        StartOrder(Made, number, number)
    with pytest.raises(StartOrderError, match="two parts are called number"):
        StartOrder(Made, number, given={"number": int})


async def test_what_is_given_must_be_what_was_declared() -> None:
    order = StartOrder(Made, given={"number": int})
    async with order.started(number=3) as made:
        assert made == Made(3)
    with pytest.raises(TypeError, match="expected number; got numbers"):
        async with order.started(numbers=3):
            pass


def test_the_order_can_be_read() -> None:
    def _sum(one: int, two: int) -> int:
        return one + two

    async def two(one: int) -> AsyncIterator[int]:
        yield one + 1

    def number(sum: int) -> int:  # noqa: A002 - a name like any
        return sum

    order = StartOrder(Made, number, _sum, two, given={"one": int})
    assert str(order) == "one; two (one); sum (one, two); number (sum)"


def test_an_order_costs_little() -> None:
    began = time.perf_counter()
    Chain().order()
    assert time.perf_counter() - began < 0.1
