"""Reads go to streaming replicas, and nobody misses there what they have written themselves."""

from threadly.core.database.replicas.carrying import Carrying
from threadly.core.database.replicas.position import Position, Seen, following, seen
from threadly.core.database.replicas.replica import Replica
from threadly.core.database.replicas.routing import Replicas

__all__ = ["Carrying", "Position", "Replica", "Replicas", "Seen", "following", "seen"]
