"""A primary and a replica that all tests of a session share, and lamps in a database of a test's own."""

from tests.core.database.replicas.lamps import lamps, pair

__all__ = ["lamps", "pair"]  # a fixture lives where it is imported
