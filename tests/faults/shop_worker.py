"""The worker of a whole shop, with the tests' own handlers: `python -m tests.faults.shop_worker`."""

import asyncio

from tests.faults.core_worker import handlers
from threadly.core.observability import set_up_logs
from threadly.settings import Settings
from threadly.worker import main

if __name__ == "__main__":
    settings = Settings.from_environment()
    set_up_logs(settings.observability.logs)
    asyncio.run(main(settings, handlers=handlers))
