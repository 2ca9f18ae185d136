"""A whole shop from one command: engines, migrations, sample data, web workers and a job worker.

    async with shop(Options(), steps) as running:  # from `shop`
        await running.lost()

Guaranteed: whatever ends the `async with`, also ends every process it started, within five seconds; kill -9 of this
process does so too. A second start finds everything again. Somebody else's database is never filled behind their back.
"""

from threadly.commands.demo.command import demo

__all__ = ["demo"]
