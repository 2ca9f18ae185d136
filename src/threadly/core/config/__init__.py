"""Configuration: frozen sections, read once; every mistake is reported, and no value in any report."""

from threadly.core.config.addresses import address_of
from threadly.core.config.environment import ConfigurationError, load
from threadly.core.config.section import Section

__all__ = ["ConfigurationError", "Section", "address_of", "load"]
