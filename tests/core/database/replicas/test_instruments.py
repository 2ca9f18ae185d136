"""What is told of replicas is told by their names, never by their addresses."""

from prometheus_client import REGISTRY

from tests.core.database.replicas.lamps import Lamps, until


async def test_a_replica_is_told_by_its_name_with_its_lag(lamps: Lamps) -> None:
    def told(family: str) -> float | None:
        return REGISTRY.get_sample_value(f"threadly_db_replica_{family}", {"replica": "replica1"})

    await until(lambda: told("usable") == 1, "it is told to be read from")
    assert told("lag_bytes") is not None
    assert told("lag_seconds") == 0
