"""Progress says which step, and how far."""

from threadly.sample import Progress, Step


def test_steps_are_told_in_the_order_in_which_they_come() -> None:
    assert [str(step) for step in Step] == ["pictures", "listings", "indexes"]
    assert Progress(Step.PICTURES, 1, 2) == Progress(Step.PICTURES, 1, 2)
