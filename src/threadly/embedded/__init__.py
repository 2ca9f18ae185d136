"""Real PostgreSQL 18 and Valkey 9 from one `async with`, for the demo and for tests.

    async with engines(Path(".threadly")) as running:
        await asyncpg.connect(running.database_url)

Guaranteed: servers end with their owner, whatever ends it; data survives every crash of either; one owner a folder.
Nothing listens on a network, and no account is trusted without its password. Not meant for more than one machine.
"""

from threadly.embedded.databases import create_database, drop_database, with_database
from threadly.embedded.engines import DEFAULT_DATA, Engines, blocking_engines, engines
from threadly.embedded.errors import (
    DatabaseExists,
    DataFromOtherVersion,
    DataInUse,
    DataNotUsable,
    EmbeddedError,
    EngineFailed,
    EnginesNotInstalled,
    NoUnprivilegedAccount,
)
from threadly.embedded.files import open_file, open_log

__all__ = [
    "DEFAULT_DATA",
    "DataFromOtherVersion",
    "DataInUse",
    "DataNotUsable",
    "DatabaseExists",
    "EmbeddedError",
    "EngineFailed",
    "Engines",
    "EnginesNotInstalled",
    "NoUnprivilegedAccount",
    "blocking_engines",
    "create_database",
    "drop_database",
    "engines",
    "open_file",
    "open_log",
    "with_database",
]
