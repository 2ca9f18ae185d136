"""Configuration: frozen sections, read once; every mistake is reported, and no value in any report."""

from threadly.core.config.addresses import address_of
from threadly.core.config.environment import ConfigurationError, load
from threadly.core.config.section import Section
from threadly.core.config.spelling import spelled
from threadly.core.config.toml import toml
from threadly.core.config.written import Written

__all__ = ["ConfigurationError", "Section", "Written", "address_of", "load", "spelled", "toml"]
