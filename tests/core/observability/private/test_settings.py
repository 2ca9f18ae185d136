"""Where those who run a process are told, as they write it."""

import pytest
from pydantic import ValidationError

from threadly.core.observability.private import OpsSettings, host_and_port


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("10.0.0.7:0", ("10.0.0.7", 0)),
        ("[::1]:65535", ("::1", 65535)),
        ("monitor.internal:80", ("monitor.internal", 80)),
        ("off", None),
    ],
)
def test_a_place_is_a_host_and_a_port_or_none(written: str, meant: tuple[str, int] | None) -> None:
    assert host_and_port(OpsSettings(listen=written).listen) == meant


@pytest.mark.parametrize("written", ["9464", ":9464", "127.0.0.1", "::1:9464", "127.0.0.1:65536", "on", "http://x", ""])
def test_what_is_no_place_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        OpsSettings(listen=written)


def test_nobody_but_this_machine_is_told_unless_the_owner_says_so() -> None:
    assert OpsSettings().listen == "127.0.0.1:9464"
