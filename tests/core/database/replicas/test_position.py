"""Who stands somewhere in the log has what is before that, on the same timeline or an earlier one."""

import asyncio

import pytest

from threadly.core.database.replicas import Position, following, seen


@pytest.mark.parametrize(
    ("case", "position", "other", "includes"),
    [
        ("the same", Position(1, 100), Position(1, 100), True),
        ("a byte less", Position(1, 99), Position(1, 100), False),
        ("a byte more", Position(1, 101), Position(1, 100), True),
        ("after a failover, as far", Position(2, 100), Position(1, 100), True),
        ("after a failover, and not as far", Position(2, 99), Position(1, 100), False),
        ("on the timeline that was left, and further", Position(1, 101), Position(2, 100), False),
    ],
)
def test_a_position_includes_what_was_before_it(case: str, position: Position, other: Position, includes: bool) -> None:
    assert position.includes(other) is includes, case


async def test_each_request_has_seen_what_it_has_seen() -> None:
    async def asked(byte: int) -> int | None:
        with following(Position(1, byte)) as asked_by:
            await asyncio.sleep(0)
            assert seen() is asked_by
            assert not asked_by.has_written
            return None if asked_by.position is None else asked_by.position.byte

    assert await asyncio.gather(*map(asked, range(10))) == list(range(10))
    assert seen() is None
