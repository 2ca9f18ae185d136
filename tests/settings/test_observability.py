"""What Threadly adds to core's settings of observability."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from threadly.settings.observability import HealthSettings, ObservabilitySettings, OpsSettings


def test_nothing_need_be_said_and_nobody_but_this_machine_is_told() -> None:
    usual = ObservabilitySettings()
    assert (usual.ops.listen, usual.ops.work_listen) == ("127.0.0.1:9464", "127.0.0.1:9465")
    assert usual.ops.process == "web"
    assert usual.health.not_ready == timedelta(seconds=2)


@pytest.mark.parametrize("written", ["9465", "127.0.0.1:65536", "on"])
def test_a_place_for_workers_is_of_the_same_form(written: str) -> None:
    with pytest.raises(ValidationError):
        OpsSettings(work_listen=written)


@pytest.mark.parametrize("written", ["", "web/1", "x" * 41])
def test_the_name_of_a_process_is_short_and_plain(written: str) -> None:
    with pytest.raises(ValidationError):
        OpsSettings(process=written)


@pytest.mark.parametrize("written", [timedelta(seconds=-1), timedelta(minutes=10, seconds=1)])
def test_a_server_is_not_ready_for_a_while_and_not_for_ever(written: timedelta) -> None:
    with pytest.raises(ValidationError):
        HealthSettings(not_ready=written)
