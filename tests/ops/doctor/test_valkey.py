"""What is seen of a Valkey."""

import pytest
from redis.asyncio import Redis

from tests.ops.doctor.seeing import seen, wrong
from threadly.core.config import Secret
from threadly.ops.doctor import valkey
from threadly.ops.doctor.findings import Findings
from threadly.settings import CacheSettings, Settings


async def test_one_that_is_well_is_found_so_and_nothing_is_left_in_it(settings: Settings) -> None:
    found = await seen(valkey.look, settings)
    assert wrong(found) == {}
    assert found.keys() == {"answers", "version", "clock", "memory", "write path"}
    server = Redis.from_url(settings.cache.url.get_secret_value())
    assert await server.keys("threadly:doctor:*") == []
    await server.aclose()


@pytest.mark.parametrize(
    ("url", "seen_of_it"),
    [
        ("redis://:topsecret@127.0.0.1:1", "nobody listens there"),
        ("unix://:topsecret@/no/such.sock", "there is no such socket"),
    ],
)
async def test_one_that_is_not_there_is_said_without_its_password(
    settings: Settings, url: str, seen_of_it: str
) -> None:
    gone = settings.model_copy(update={"cache": CacheSettings(url=Secret(url))})
    found = await seen(valkey.look, gone)
    assert wrong(found) == {"answers": seen_of_it}
    assert "topsecret" not in repr(found)


async def test_a_password_that_it_does_not_take_is_said(settings: Settings) -> None:
    url = settings.cache.url.get_secret_value()
    password = url.partition("://:")[2].partition("@")[0]
    other = settings.model_copy(update={"cache": CacheSettings(url=Secret(url.replace(password, "topsecret")))})
    assert wrong(await seen(valkey.look, other)) == {"answers": "it does not take the password"}


@pytest.mark.parametrize(("policy", "is_good"), [("allkeys-lru", True), ("noeviction", False)])
async def test_a_full_server_that_refuses_to_write_is_foreseen(policy: str, is_good: bool) -> None:
    found = Findings("valkey")
    valkey.judge_memory({"maxmemory_policy": policy, "maxmemory": 1 << 28}, found)
    assert (found.taken[0].do == "") is is_good
    assert found.taken[0].seen == f"256 MiB at most, {policy}"
