"""What may be said of health."""

from datetime import timedelta

from threadly.core.observability.health import HealthSettings


def test_nothing_need_be_said() -> None:
    assert HealthSettings().not_ready == timedelta(seconds=2)
    assert HealthSettings().owner == "operations"
