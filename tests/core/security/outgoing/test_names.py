"""A name is looked up once, and one number that is not public spoils the rest."""

import asyncio
import socket
import threading
from collections.abc import Sequence
from ipaddress import ip_network

import pytest

from threadly.core.security.outgoing.errors import AddressRefused, Reason
from threadly.core.security.outgoing.names import Checked, system_resolver


class Known:
    """A resolver that knows a few names."""

    def __init__(self, *numbers: str) -> None:
        self.numbers = numbers
        self.asked: list[str] = []

    async def __call__(self, name: str, /) -> Sequence[str]:
        self.asked.append(name)
        return self.numbers


async def test_all_numbers_of_a_name_are_told_in_their_order() -> None:
    known = Known("8.8.8.8", "2606:4700::1111")
    assert await Checked(known, refused=(), allowed=()).numbers("shop.example") == ["8.8.8.8", "2606:4700::1111"]
    assert known.asked == ["shop.example"]


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        ((), Reason.UNKNOWN),
        (("8.8.8.8", "10.0.0.1"), Reason.PRIVATE),
        (("shop.example",), Reason.PRIVATE),
        (("010.0.0.1",), Reason.PRIVATE),
        (("",), Reason.PRIVATE),
    ],
)
async def test_what_is_not_public_is_refused(numbers: tuple[str, ...], reason: Reason) -> None:
    with pytest.raises(AddressRefused) as refusal:
        await Checked(Known(*numbers), refused=(), allowed=()).numbers("shop.example")
    assert refusal.value.reason is reason


async def test_a_number_is_not_looked_up() -> None:
    known = Known("8.8.8.8")
    assert await Checked(known, refused=(), allowed=[ip_network("127.0.0.1")]).numbers("127.0.0.1") == ["127.0.0.1"]
    with pytest.raises(AddressRefused):
        await Checked(known, refused=(), allowed=()).numbers("127.0.0.1")
    assert known.asked == []


async def test_a_name_that_nobody_knows_is_refused_and_so_is_one_that_cannot_be_asked_for() -> None:
    checked = Checked(system_resolver, refused=(), allowed=())
    for name in ("nobody.invalid", "a" * 70 + ".example"):
        with pytest.raises(AddressRefused) as refusal:
            await checked.numbers(name)
        assert refusal.value.reason is Reason.UNKNOWN


async def test_the_systems_resolver_tells_each_number_once() -> None:
    found = await system_resolver("localhost")
    assert "127.0.0.1" in found or "::1" in found
    assert len(found) == len(set(found))


async def test_a_name_server_that_hangs_holds_no_thread_that_others_need(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers.wait() and [])
    asking = [asyncio.ensure_future(system_resolver(f"{number}.example")) for number in range(60)]
    await asyncio.sleep(0)
    try:
        async with asyncio.timeout(5):
            assert await asyncio.to_thread(lambda: "done") == "done"
    finally:
        answers.set()
    assert await asyncio.gather(*asking) == [[]] * 60
