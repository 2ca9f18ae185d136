"""A job that is sent and waited for."""

import pytest

from threadly.commands.demo import jobs
from threadly.core.database import Database
from threadly.settings import Settings


async def test_a_job_that_nobody_does_is_said(
    settings: Settings, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_PATIENCE_SECONDS", 0.2)
    assert await jobs.a_job_is_done(settings) == "not done within 0.2 s; see work.log"
