"""What may be said of health."""

from threadly.core.observability.health import HealthSettings


def test_nothing_need_be_said() -> None:
    assert HealthSettings().owner == "operations"
