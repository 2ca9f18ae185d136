"""What is seen of replicas."""

from datetime import timedelta
from urllib.parse import urlsplit

from tests.core.database.replicas.lamps import Lamps, lamps, pair
from tests.ops.doctor.seeing import seen, wrong
from threadly.core.config import Secret
from threadly.ops.doctor import database
from threadly.settings import Settings

__all__ = ["lamps", "pair"]  # a fixture lives where it is imported


def with_replicas(settings: Settings, lamps: Lamps, *urls: str) -> Settings:
    replicas = tuple(map(Secret, urls))
    update = {"url": Secret(lamps.db_url), "replicas": replicas, "replica_lag": timedelta(seconds=10)}
    return settings.model_copy(update={"database": settings.database.model_copy(update=update)})


async def test_a_replica_that_is_well_is_found_so_with_its_lag(settings: Settings, lamps: Lamps) -> None:
    found = await seen(database.look, with_replicas(settings, lamps, lamps.replica_url))
    assert found["replica 1"].seen == "0 MiB behind"
    assert "replica 1" not in wrong(found)


async def test_what_is_no_replica_and_what_lets_nobody_in_are_said_without_their_addresses(
    settings: Settings, lamps: Lamps
) -> None:
    nobody = "postgresql://SEKRET:SEKRET@127.0.0.1:1/nothing"
    found = await seen(database.look, with_replicas(settings, lamps, lamps.db_url, nobody))
    told = wrong(found)
    assert told["replica 1"] == "it is no replica, but a primary"
    assert told["replica 2"].startswith("it lets nobody in (")
    assert "SEKRET" not in str(found)
    assert str(urlsplit(lamps.db_url).password) not in str(found)


async def test_without_replicas_nothing_is_said_of_any(settings: Settings, lamps: Lamps) -> None:
    found = await seen(database.look, with_replicas(settings, lamps))
    assert not any("replica" in about for about in found)
