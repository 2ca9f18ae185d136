"""The revisions of Threadly's database, shipped with it; `threadly db upgrade` runs them."""

from pathlib import Path

from threadly.core.database.migrate import Migrations
from threadly.tables import metadata

MIGRATIONS = Migrations(folder=Path(__file__).parent, metadata=metadata, product="threadly")
