"""So many at once, of each; and whatever becomes of a request, its slots come back."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from threadly.core.asgi import ASGIApp, Message, Receive, Scope, Send
from threadly.core.errors import Problem
from threadly.core.security import AtOnce, AtOnceReached, Slots, hold

MOST_OF_AN_ADDRESS, MOST_OF_A_MEMBER = 3, 2
ADDRESSES, MEMBERS = ("192.0.2.1", "192.0.2.2"), ("mila", "ivo", None)


def refuse(_: Scope, problem: Problem) -> ASGIApp:
    async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": problem.status, "headers": []})
        await send({"type": "http.response.body", "body": problem.code.encode()})

    return answer


class Fails(Exception):
    """What a handler raises."""


class Shop:
    """Requests that end when they are told to, and how."""

    def __init__(self) -> None:
        self.addresses = Slots("address", MOST_OF_AN_ADDRESS)
        self.members = Slots("member", MOST_OF_A_MEMBER)
        self.app = AtOnce(self._answer, slots=self.addresses, key=lambda scope: str(scope["client"][0]), refuse=refuse)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        inner = {**scope}  # as middleware may
        if scope["member"] is not None:
            for _ in range(2):  # asked for twice, held once
                hold(inner, self.members, scope["member"])
        scope["started"].set()
        how = await scope["ends"]
        if how == "raises":
            raise Fails
        if how == "vanishes":
            await send({"type": "http.response.start", "status": 200, "headers": []})  # a server may raise here
            raise OSError("the client has gone")
        await refuse(scope, Problem())(scope, receive, send)

    def begin(self, loop: asyncio.AbstractEventLoop, address: str, member: str | None) -> "Asked":
        return Asked(self, loop, address, member)


class Asked:
    """One request."""

    def __init__(self, shop: Shop, loop: asyncio.AbstractEventLoop, address: str, member: str | None) -> None:
        self.address, self.member = address, member
        self.ends: asyncio.Future[str] = loop.create_future()
        self.started = asyncio.Event()
        self.said: list[Message] = []
        scope: dict[str, Any] = {"type": "http", "client": (address, 1), "member": member}
        scope |= {"ends": self.ends, "started": self.started}
        self.task = loop.create_task(shop.app(scope, self._receive, self._send))

    async def _receive(self) -> Message:
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.said.append(message)


class Visits(RuleBasedStateMachine):
    """Beside a plain count of what is under way."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.shop = Shop()
        self.under_way: list[Asked] = []

    def _run(self, seconds: float = 0) -> None:
        for _ in range(5):
            self.loop.run_until_complete(asyncio.sleep(seconds))

    @rule(address=st.sampled_from(ADDRESSES), member=st.sampled_from(MEMBERS))
    def asks(self, address: str, member: str | None) -> None:
        of_address = sum(each.address == address for each in self.under_way)
        of_member = sum(each.member == member for each in self.under_way) if member else 0
        asked = self.shop.begin(self.loop, address, member)
        self._run()
        if of_address == MOST_OF_AN_ADDRESS:
            assert asked.said[0]["status"] == 429
            assert asked.task.done()
            assert not asked.started.is_set()
        elif of_member == MOST_OF_A_MEMBER:
            assert isinstance(asked.task.exception(), AtOnceReached)
            assert not asked.started.is_set()
        else:
            assert asked.started.is_set()
            self.under_way.append(asked)

    @precondition(lambda self: self.under_way)
    @rule(data=st.data(), how=st.sampled_from(["answers", "raises", "vanishes", "cancelled"]))
    def ends(self, data: st.DataObject, how: str) -> None:
        asked = self.under_way.pop(data.draw(st.integers(0, len(self.under_way) - 1)))
        if how == "cancelled":
            asked.task.cancel()
        else:
            asked.ends.set_result(how)
        self._run()
        assert asked.task.done()
        if not asked.task.cancelled():
            assert isinstance(asked.task.exception(), {"raises": Fails, "vanishes": OSError}.get(how, type(None)))

    @invariant()
    def no_slot_is_lost_or_made(self) -> None:
        for slots, told in (
            (self.shop.addresses, Counter(each.address for each in self.under_way)),
            (self.shop.members, Counter(each.member for each in self.under_way if each.member)),
        ):
            assert {key: slots.taken(key) for key in told} == told
            assert len(slots) == len(told), "who has none is not remembered"

    def teardown(self) -> None:
        for asked in self.under_way:
            asked.task.cancel()
        self._run()
        assert (len(self.shop.addresses), len(self.shop.members)) == (0, 0)
        self.loop.close()


TestVisits = pytest.mark.filterwarnings("ignore::ResourceWarning")(Visits.TestCase)
TestVisits.settings = settings(max_examples=60, stateful_step_count=40)


async def test_who_is_refused_is_told_when_to_come_again() -> None:
    shop = Shop()
    loop = asyncio.get_running_loop()
    first = [shop.begin(loop, "192.0.2.1", None) for _ in range(MOST_OF_AN_ADDRESS)]
    await asyncio.sleep(0)
    one_too_many = shop.begin(loop, "192.0.2.1", None)
    await one_too_many.task
    assert one_too_many.said[1]["body"] == b"at_once_reached"
    assert AtOnceReached().retry_after_seconds == 1
    for each in first:
        each.ends.set_result("answers")
    await asyncio.gather(*(each.task for each in first))
    assert len(shop.addresses) == 0


async def test_what_nobody_would_give_back_is_not_taken() -> None:
    slots = Slots("member", 1)
    with pytest.raises(RuntimeError):
        hold({"type": "http"}, slots, "mila")
    assert len(slots) == 0


async def test_what_is_not_http_has_no_slot() -> None:
    seen = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*_: object) -> Message:
        return {}

    slots = Slots("address", 1)
    lifespan = {"type": "lifespan"}
    await AtOnce(app, slots=slots, key=str, refuse=refuse)(lifespan, nothing, nothing)  # type: ignore[arg-type]
    assert seen == ["lifespan"]
