"""A look ends within its time, and the next one connects anew."""

import time

import pytest

from tests.core.database.replicas.lamps import Lamps
from threadly.core.database import DatabaseUnavailable
from threadly.core.database.replicas.looking import LONGEST_SECONDS, PRIMARY, REPLICA, Looking
from threadly.embedded.databases import with_database

SLACK_SECONDS = 2.0


async def test_a_primary_says_where_its_log_ends_and_a_replica_how_far_it_has_come(lamps: Lamps) -> None:
    primary, replica = Looking({"dsn": lamps.db_url}, PRIMARY), Looking({"dsn": lamps.replica_url}, REPLICA)
    timeline, end = await primary.look()
    await lamps.standby.catch_up(lamps.pair.primary)
    is_replica, followed, replayed = await replica.look()

    assert is_replica
    assert (timeline, followed) == (1, 1)
    assert replayed >= end - 40
    of_the_primary = Looking({"dsn": lamps.db_url}, REPLICA)
    assert (await of_the_primary.look())[0] is False
    for looking in (primary, replica, of_the_primary):
        looking.close()


async def test_a_look_that_takes_too_long_is_cut_off_and_the_next_one_is_answered(
    lamps: Lamps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threadly.core.database.replicas.looking.LONGEST_SECONDS", LONGEST_SECONDS)
    looking = Looking({"dsn": lamps.db_url}, "SELECT pg_sleep(current_setting('threadly.nap')::int)")
    looking._connect_args = {"dsn": lamps.db_url, "server_settings": {"threadly.nap": "60"}}
    began = time.monotonic()
    with pytest.raises(DatabaseUnavailable):
        await looking.look()
    assert LONGEST_SECONDS / 2 < time.monotonic() - began < LONGEST_SECONDS + SLACK_SECONDS

    looking._connect_args = {"dsn": lamps.db_url, "server_settings": {"threadly.nap": "0"}}
    await looking.look()
    looking.close()


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/nothing", "unknown database"])
async def test_a_server_that_lets_nobody_in_is_unavailable(lamps: Lamps, url: str) -> None:
    looking = Looking({"dsn": url if "//" in url else with_database(lamps.db_url, "nothing")}, PRIMARY)
    with pytest.raises(DatabaseUnavailable):
        await looking.look()
