"""A pytest plugin, `-p habits.fast`: leaves out tests that start engines, servers or browsers, for `./dev check`."""

from typing import Final

import pytest

_ENGINES: Final = {"engine_urls", "engines", "database_url", "db", "browser", "page"}
_SLOW: Final = (
    "tests/habits/test_extras.py",
    "tests/browser/",
    "tests/embedded/",
    "tests/examples/",
    "tests/faults/",
    "tests/journeys/",
    "tests/serving/",
    "tests/commands/",
    "tests/marketplace/media/test_decoding",
    "tests/integrations/storage/",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselects what is not fast."""
    slow = [
        item for item in items if item.nodeid.startswith(_SLOW) or _ENGINES & set(getattr(item, "fixturenames", ()))
    ]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in set(slow)]
