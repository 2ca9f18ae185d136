"""Each part of observability is set by variables of its own."""

from pathlib import Path

import pytest

from threadly.core.config import ConfigurationError, load
from threadly.core.observability import ObservabilitySettings

PREFIX = "THREADLY_OBSERVABILITY__"


def test_a_part_is_set_by_its_own_variables() -> None:
    read = load(ObservabilitySettings, {f"{PREFIX}LOGS__FILE": "/var/log/shop.log"}, prefix=PREFIX)

    assert read.logs.file == Path("/var/log/shop.log")
    assert read.logs.level == "info"


def test_a_level_that_is_none_is_refused_with_those_that_are() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        load(ObservabilitySettings, {f"{PREFIX}LOGS__LEVEL": "loud"}, prefix=PREFIX)

    assert refusal.value.problems == [
        f"{PREFIX}LOGS__LEVEL (environment) should be debug, info, warning or error, like info."
    ]
