"""The rules that an installation's settings keep together. A new one needs a case in tests/settings/test_rules.py."""

from typing import Final

from threadly.core.config import Rule
from threadly.settings.installation import Installation
from threadly.settings.rules.logs import LOGS
from threadly.settings.rules.secrets import SECRETS
from threadly.settings.rules.servers import SERVERS, WATCHING_CONNECTIONS, connections_of, workers_of
from threadly.settings.rules.site import SITE
from threadly.settings.rules.times import TIMES

__all__ = ["RULES", "WATCHING_CONNECTIONS", "connections_of", "workers_of"]

RULES: Final[tuple[Rule[Installation], ...]] = (*SITE, *SECRETS, *SERVERS, *TIMES, *LOGS)
