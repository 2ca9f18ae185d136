"""A whole shop from one command: engines, migrations, sample data, web workers and a job worker.

    async with shop(Options(), steps) as running:
        await running.lost()

Guaranteed: whatever ends the `async with`, also ends every process it started, within five seconds; kill -9 of this
process does so too. A second start finds everything again. Somebody else's database is never filled behind their back.
"""

from threadly.commands.demo.check import Seen, check
from threadly.commands.demo.errors import ChildDied, DatabaseNotOurs, DemoError
from threadly.commands.demo.processes import Process, descendants, still_alive
from threadly.commands.demo.shop import DEFAULT_LISTINGS, DEFAULT_PORT, Options, Shop, shop

__all__ = [
    "DEFAULT_LISTINGS",
    "DEFAULT_PORT",
    "ChildDied",
    "DatabaseNotOurs",
    "DemoError",
    "Options",
    "Process",
    "Seen",
    "Shop",
    "check",
    "descendants",
    "shop",
    "still_alive",
]
