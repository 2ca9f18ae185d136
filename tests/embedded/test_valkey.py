import os
import signal
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from tests.embedded.owners import servers_in
from threadly.embedded import engines


async def test_nobody_enters_without_the_password(data: Path) -> None:
    async with engines(data, postgres=False) as running:
        assert running.cache_url
        socket = running.cache_url.partition("@")[2]
        stranger = Redis(unix_socket_path=socket, protocol=2, retry=Retry(NoBackoff(), 0))
        with pytest.raises(RedisError, match="Authentication required"):
            await stranger.get("x")
        await stranger.aclose()
        assert (data / "valkey" / "valkey.conf").stat().st_mode & 0o777 == 0o600


async def test_it_is_a_bounded_cache_without_a_port(data: Path) -> None:
    async with engines(data, postgres=False) as running:
        cache = _connect(running.cache_url)
        settings = await cache.config_get("port", "maxmemory", "maxmemory-policy", "save")
        assert settings["port"] == "0"
        assert 64 << 20 <= int(settings["maxmemory"] or 0) <= 256 << 20
        assert settings["maxmemory-policy"] == "allkeys-lfu"
        assert settings["save"] == ""
        await cache.aclose()


async def test_values_survive_a_proper_stop_and_only_that(data: Path) -> None:
    async with engines(data, postgres=False) as running:
        cache = _connect(running.cache_url)
        await cache.set("price", "old")
        await cache.aclose()

    async with engines(data, postgres=False) as running:
        cache = _connect(running.cache_url)
        assert await cache.get("price") == "old"
        await cache.delete("price")  # invalidated …
        await cache.aclose()
        for server in servers_in(data, "valkey-server"):
            os.kill(server, signal.SIGKILL)  # … and the crash must not bring it back

    async with engines(data, postgres=False) as running:
        cache = _connect(running.cache_url)
        assert await cache.get("price") is None
        await cache.aclose()


async def test_a_damaged_snapshot_is_set_aside_and_the_cache_starts_empty(data: Path) -> None:
    (data / "valkey" / "dump.rdb").write_bytes(b"REDIS9999 from the future")
    told: list[str] = []
    async with engines(data, postgres=False, on_progress=told.append) as running:
        cache = _connect(running.cache_url)
        assert await cache.dbsize() == 0
        await cache.aclose()
    assert told == ["Valkey cannot read its snapshot; the cache starts empty"]
    assert (data / "valkey" / "dump.unreadable").read_bytes() == b"REDIS9999 from the future"


async def test_another_database_of_the_server_can_be_named_in_the_address(data: Path) -> None:
    async with engines(data, postgres=False) as running:
        first, second = _connect(running.cache_url), _connect(f"{running.cache_url}?db=1")
        await first.set("x", "1")
        assert await second.get("x") is None
        await first.aclose()
        await second.aclose()


def _connect(url: str | None) -> Redis:
    assert url
    return Redis.from_url(url, decode_responses=True)
