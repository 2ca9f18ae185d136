"""A primary and a replica that all tests of a session share, and lamps in a database of a test's own."""

import pytest

from tests.core.database.replicas.lamps import lamps, pair
from threadly.core.database.replicas import looking

__all__ = ["lamps", "pair"]  # a fixture lives where it is imported


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A replica that is slow because the machine is stays in use: where reads go is the question here."""
    monkeypatch.setattr(looking, "LONGEST_SECONDS", 30.0)
