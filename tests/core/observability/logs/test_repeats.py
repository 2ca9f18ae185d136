"""What is told over and over is told some times each second, and counted."""

from threadly.core.observability.logs.repeats import Repeats

LINE = ("shop", "info", "Sold.", "")


def test_the_first_of_each_second_are_told_and_the_rest_is_counted() -> None:
    repeats = Repeats(3)

    told = [repeats.admits(LINE, second) for second in (0.0, 0.1, 0.2, 0.3, 0.4, 1.1, 1.2)]

    assert told == [True, True, True, False, False, True, True]
    assert repeats.untold() == [(LINE, 2)]
    assert repeats.untold() == []


def test_a_flood_of_one_hides_no_other() -> None:
    repeats = Repeats(2)
    for _ in range(1000):
        repeats.admits(("shop", "error", "It failed.", "ConnectionError"), 0.0)

    assert repeats.admits(("shop", "error", "It failed.", "LedgerUnbalanced"), 0.0)
    assert repeats.admits(("shop", "warning", "It failed.", "ConnectionError"), 0.0)
    assert repeats.admits(("till", "error", "It failed.", "ConnectionError"), 0.0)


def test_events_without_end_are_counted_together_and_take_no_room() -> None:
    repeats = Repeats(5)
    told = sum(repeats.admits(("shop", "info", f"Sold {number}.", ""), 0.0) for number in range(100_000))

    assert told < 1100
    assert len(repeats._seen) < 1100
    assert sum(count for _, count in repeats.untold()) == 100_000 - told


def test_an_error_of_another_kind_is_told_also_among_events_without_end() -> None:
    repeats = Repeats(5)
    for number in range(10_000):
        repeats.admits(("shop", "error", f"Lost {number}.", "ConnectionError"), 0.0)

    assert repeats.admits(("shop", "error", "Lost.", "LedgerUnbalanced"), 0.0)
