"""All that an owner can set, where it is read from, and the rules that it keeps.

Guaranteed: what is missing, malformed, unknown or against a rule is told at once, each by its variable and where it
stands; no value is repeated. What each refuses depends on the profile (`core.config.Profile`).
"""

from threadly.settings.installation import Installation
from threadly.settings.limits import LimitsSettings
from threadly.settings.media import MediaSettings
from threadly.settings.observability import OpsSettings
from threadly.settings.reading import (
    CONVENTIONAL,
    Settings,
    database_from_environment,
    read,
    security_reading,
    site_from_environment,
)
from threadly.settings.rules import RULES, WATCHING_CONNECTIONS, connections_of, workers_of
from threadly.settings.security import SecuritySettings
from threadly.settings.server import CacheSettings, ServerSettings
from threadly.settings.site import SiteSettings

__all__ = [
    "CONVENTIONAL",
    "RULES",
    "WATCHING_CONNECTIONS",
    "CacheSettings",
    "Installation",
    "LimitsSettings",
    "MediaSettings",
    "OpsSettings",
    "SecuritySettings",
    "ServerSettings",
    "Settings",
    "SiteSettings",
    "connections_of",
    "database_from_environment",
    "read",
    "security_reading",
    "site_from_environment",
    "workers_of",
]
