"""Durations come in ISO 8601 or in seconds, and none of them may be absurd."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from threadly.core.database.jobs import JobsSettings


def test_durations_come_as_iso_8601() -> None:
    settings = JobsSettings.model_validate({"concurrency": "8", "lease": "PT10S", "grace": "PT0S"})
    assert (settings.concurrency, settings.lease, settings.grace) == (8, timedelta(seconds=10), timedelta(0))


@pytest.mark.parametrize(
    ("name", "value"),
    [("concurrency", 0), ("concurrency", 1001), ("lease", "PT0.1S"), ("poll", "PT0.009S"), ("grace", "-PT1S")],
)
def test_what_cannot_work_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValidationError, match=name):
        JobsSettings.model_validate({name: value})
