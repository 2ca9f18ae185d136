"""Engines to break, which all tests of a session share, and lamps in a database of a test's own."""

from collections.abc import Iterator

import pytest

from tests.core.database.replicas.lamps import lamps, pair
from tests.faults.breakable import PostgreSQL, Served, a_postgresql, serving
from tests.faults.probing import Shop, shop_of_its_own

__all__ = ["lamps", "pair"]  # a fixture lives where it is imported


@pytest.fixture(scope="session")
def server() -> Iterator[PostgreSQL]:
    """A PostgreSQL to freeze and to kill."""
    with a_postgresql() as postgresql:
        yield postgresql


@pytest.fixture(scope="session")
def hanging_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """An installation whose engines may hang."""
    with shop_of_its_own(str(tmp_path_factory.mktemp("media"))) as shop:
        yield shop


@pytest.fixture(scope="session")
def hanging_server(hanging_shop: Shop) -> Iterator[Served]:
    """The server of that shop, with one worker."""
    with serving(hanging_shop.environment) as served:
        yield served
