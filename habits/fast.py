"""A pytest plugin, `-p habits.fast`: leaves out tests that start engines, servers or browsers, for `./dev check`."""

import os
from pathlib import Path
from typing import Final

import pytest

_ENGINES: Final = {"engine_urls", "engines", "pair", "database_url", "db", "browser", "page"}
_SLOW: Final = (
    "tests/habits/test_extras.py",
    "tests/browser/",
    "tests/embedded/",
    "tests/examples/",
    "tests/faults/",
    "tests/journeys/",
    "tests/serving/",
    "tests/test_engines.py",
    "tests/commands/",
    "tests/marketplace/media/test_decoding",
    "tests/integrations/storage/",
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Does not even import what is not fast: that takes as long as many a test."""
    place = os.path.relpath(collection_path, config.rootpath)
    return True if f"{place}/".startswith(_SLOW) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselects what needs an engine."""
    slow = [item for item in items if _ENGINES & set(getattr(item, "fixturenames", ()))]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in set(slow)]
