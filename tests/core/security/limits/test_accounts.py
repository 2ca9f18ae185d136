"""Guesses at one name count together, and its owner's own network counts by itself."""

import time
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from tests.engines import EngineUrls
from threadly.core import clock
from threadly.core.keys import Key, KeyRing
from threadly.core.security.limits import Accounts
from threadly.core.security.limits.accounts import REMEMBERED, normalised

RING = KeyRing.of(b"0123456789abcdef" * 2)
HOME, ELSEWHERE = "192.0.2.7", "2001:db8:1:2::/64"


@pytest.fixture
async def valkey(engine_urls: EngineUrls) -> AsyncIterator[Redis]:
    async with Redis.from_url(engine_urls.cache_url) as client:
        yield client


async def test_a_name_has_one_key_for_all_strangers_and_one_where_its_owner_got_in(valkey: Redis) -> None:
    accounts = Accounts(valkey, RING, prefix=uuid4().hex)
    strangers = await accounts.key("mila", HOME)
    assert await accounts.key(" MILA ", ELSEWHERE) == strangers

    await accounts.remember("Mila", HOME)
    own = await accounts.key("mila", HOME)
    assert own != strangers
    assert await accounts.key("mila", ELSEWHERE) == strangers
    assert await accounts.key("ivo", HOME) not in {own, strangers}

    await accounts.remember("mila", ELSEWHERE)
    assert len({await accounts.key("mila", place) for place in (HOME, ELSEWHERE, "192.0.2.8")}) == 3


async def test_nothing_that_is_kept_tells_a_name_or_a_place_and_it_is_forgotten(valkey: Redis) -> None:
    prefix = uuid4().hex
    accounts = Accounts(valkey, RING, prefix=prefix)
    await accounts.remember("mila@shop.example", HOME)
    keys = [key.decode() async for key in valkey.scan_iter(f"{prefix}*", count=10_000)]
    assert len(keys) == 1
    assert not any(told in keys[0] for told in ("mila", "shop", HOME))
    assert 0 < await valkey.ttl(keys[0]) <= REMEMBERED.total_seconds()
    others = Accounts(valkey, KeyRing.of(b"another" * 8), prefix=prefix)
    assert await others.key("mila", HOME) != await accounts.key("mila", HOME)


async def test_a_network_is_known_by_the_key_of_yesterday(valkey: Redis) -> None:
    prefix, first = uuid4().hex, Key(b"0123456789abcdef" * 2)
    await Accounts(valkey, KeyRing([first]), prefix=prefix).remember("mila", HOME)
    rotated = Accounts(valkey, KeyRing([first, Key(b"another" * 8, clock.now())]), prefix=prefix)
    assert await rotated.key("mila", HOME) != await rotated.key("mila", ELSEWHERE)
    retired = Accounts(valkey, KeyRing([Key(b"another" * 8, clock.now())]), prefix=prefix)
    assert await retired.key("mila", HOME) == await retired.key("mila", ELSEWHERE)


async def test_without_the_store_everybody_is_a_stranger_and_nobody_waits() -> None:
    accounts = Accounts(Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=0.1), RING)
    await accounts.remember("mila", HOME)
    assert await accounts.key("mila", HOME) == await accounts.key("mila", ELSEWHERE)


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("Mila", "mila", True),
        (" mila ", "mila", True),
        ("ｍｉｌａ", "mila", True),
        ("MİLA", "mi\u0307la", True),
        ("straße@shop.example", "STRASSE@shop.example", True),
        ("mila", "milb", False),
        ("", "mila", False),
    ],
)
def test_spellings_of_a_name_are_one(one: str, other: str, are_same: bool) -> None:
    assert (normalised(one) == normalised(other)) is are_same


async def test_a_name_that_takes_minutes_to_normalise_is_looked_at_as_far_as_names_go() -> None:
    heap = "a" + "\N{COMBINING GRAVE ACCENT}\N{COMBINING GRAVE ACCENT}\N{HALFWIDTH KATAKANA VOICED SOUND MARK}" * 60_000
    began = time.process_time()
    assert normalised(heap) == normalised(heap[:254])
    assert time.process_time() - began < 1
