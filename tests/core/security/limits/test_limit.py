"""What a limit allows, in numbers."""

import pytest

from threadly.core.security.limits import Limit


def test_a_limit_of_nothing_or_without_time_is_refused() -> None:
    for wrong in (
        {"quota": 0},
        {"quota": 1, "seconds": 0},
        {"quota": 1, "burst": 0},
        {"quota": 1_000_001, "seconds": 1},
    ):
        with pytest.raises(ValueError, match="limit auth"):
            Limit("auth", **wrong)  # type: ignore[arg-type]


def test_what_is_left_follows_from_when_all_is_back() -> None:
    limit = Limit("upload", 10, 60, burst=4)
    assert [limit.left(rest) for rest in (-1.0, 0.0, 0.1, 6.0, 6.1, 18.0, 24.0, 30.0)] == [4, 4, 3, 3, 2, 1, 0, 0]
