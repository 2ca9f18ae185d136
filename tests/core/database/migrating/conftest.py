"""A database that a replica follows."""

from tests.core.database.replicas.lamps import pair

__all__ = ["pair"]  # a fixture lives where it is imported
