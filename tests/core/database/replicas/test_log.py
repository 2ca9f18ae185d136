"""How far behind somebody is, in bytes and by our own clock."""

import asyncio

from threadly.core.database.replicas.log import Log
from threadly.core.database.replicas.position import Position

MIB = 1 << 20


def a_log() -> Log:
    return Log(most_bytes=16 * MIB, most_seconds=10.0)


async def test_who_has_all_is_not_behind_however_long_nobody_writes() -> None:
    log = a_log()
    log.note(Position(1, 1000))
    await asyncio.sleep(0.02)
    log.note(Position(1, 1000))
    assert (log.bytes_behind(1000), log.seconds_behind(1000)) == (0, 0.0)
    assert log.seconds_behind(976) == 0.0  # a page of the log begins with a header that is no record


async def test_who_lacks_something_is_behind_since_the_log_was_first_seen_to_be_longer() -> None:
    log = a_log()
    log.note(Position(1, 1000))
    await asyncio.sleep(0.05)
    log.note(Position(1, 2000))
    log.note(Position(1, 3000))
    assert log.bytes_behind(500) == 2500
    assert log.seconds_behind(500) >= 0.05
    assert 0 <= log.seconds_behind(2000) < log.seconds_behind(500)


async def test_what_is_older_than_anybody_is_judged_by_is_forgotten() -> None:
    log = Log(most_bytes=MIB, most_seconds=0.01)
    for byte in range(100, 600):
        log.note(Position(1, byte))
        await asyncio.sleep(0.0005)
    assert len(log._ends) < 500
    assert log.seconds_behind(0) > 0.01


async def test_too_far_is_said_in_what_it_is_too_far() -> None:
    log = a_log()
    assert log.too_far(16 * MIB, 10.0) is None
    assert log.too_far(17 * MIB, 0.0) == "it is 17 MiB behind"
    assert log.too_far(0, 11.0) == "it is 11 s behind"


async def test_who_goes_on_with_an_old_timeline_is_left_once_there_was_time_to_follow() -> None:
    log = Log(most_bytes=MIB, most_seconds=0.05)
    log.note(Position(1, 1000))
    log.note(Position(2, 2000))
    assert log.left_by(Position(1, 5000)) is None
    await asyncio.sleep(0.1)
    log.note(Position(2, 3000))
    assert log.left_by(Position(1, 5000)) == "it does not follow the primary to timeline 2"
    assert log.left_by(Position(2, 2500)) is None
