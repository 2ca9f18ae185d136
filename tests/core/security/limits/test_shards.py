"""Times by key, in bounded memory."""

from threadly.core.security.limits.shards import SHARDS, Shards


def test_what_has_lapsed_makes_room_for_what_has_not() -> None:
    shards = Shards(8 * SHARDS)
    same = [key for key in map(str, range(100_000)) if hash(key) % SHARDS == 0][:9]
    for key in same[:8]:
        shards.set(key, 5.0 if key == same[3] else 1.0, 0.0)
    shards.set(same[8], 3.0, 2.0)
    assert [key for key in same if shards.get(key)] == [same[3], same[8]]


def test_what_is_dropped_is_as_what_never_was() -> None:
    shards = Shards(8 * SHARDS)
    shards.set("a", 5.0, 0.0)
    assert (shards.get("a"), len(shards)) == (5.0, 1)
    shards.drop("a")
    shards.drop("b")
    assert (shards.get("a"), len(shards)) == (0.0, 0)
