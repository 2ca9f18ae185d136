"""A pytest plugin, `-p habits.fast`: leaves out what starts engines, servers, browsers and programs, for `./dev check`.

What is left takes less than a minute on two cores; whatever takes ten seconds of that is named here.
"""

import os
from pathlib import Path
from typing import Final

import pytest

_ENGINES: Final = {"engine_urls", "engines", "pair", "database_url", "db", "browser", "page"}
_SLOW: Final = (
    "tests/core/config/test_names.py",
    "tests/core/observability/logs/test_setting_up.py",
    "tests/core/observability/test_observing.py",
    "tests/habits/test_env_example.py",
    "tests/habits/test_extras.py",
    "tests/integrations/",
    "tests/sample/",
    "tests/scan/",
    "tests/settings/test_reading_leaks.py",
    "tests/browser/",
    "tests/embedded/",
    "tests/examples/",
    "tests/faults/",
    "tests/journeys/",
    "tests/serving/",
    "tests/test_engines.py",
    "tests/commands/",
    "tests/marketplace/media/test_decod",
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
