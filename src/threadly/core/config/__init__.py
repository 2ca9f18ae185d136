"""Configuration: frozen sections, read once; every mistake is reported, and no value in any report."""

from threadly.core.config.addresses import address_of, hosts_of, password_of
from threadly.core.config.mistakes import ConfigurationError, Mistake
from threadly.core.config.profile import Profile
from threadly.core.config.reading import Reading, gather, load, validate
from threadly.core.config.secret import Secret
from threadly.core.config.section import Section
from threadly.core.config.sources import Gathered
from threadly.core.config.spelling import spelled
from threadly.core.config.toml import toml
from threadly.core.config.written import written

__all__ = [
    "ConfigurationError",
    "Gathered",
    "Mistake",
    "Profile",
    "Reading",
    "Secret",
    "Section",
    "address_of",
    "gather",
    "hosts_of",
    "load",
    "password_of",
    "spelled",
    "toml",
    "validate",
    "written",
]
