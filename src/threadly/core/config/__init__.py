"""Configuration: frozen sections, read once; every mistake is reported, and no value in any report."""

from threadly.core.config.addresses import (
    address_of,
    asked_of,
    expect_port,
    hosts_of,
    is_everywhere,
    is_near,
    password_of,
    places_of,
    shown,
)
from threadly.core.config.listed import listed
from threadly.core.config.mistakes import ConfigurationError, Mistake
from threadly.core.config.profile import Profile
from threadly.core.config.reading import Reading, gather, load, validate
from threadly.core.config.rules import Broken, Rule, Weight
from threadly.core.config.secret import Secret
from threadly.core.config.section import Section
from threadly.core.config.showing import DEFAULT, UNSET, Shown, by_section, mending, showing
from threadly.core.config.sources import Gathered
from threadly.core.config.spelling import expect_one_line, spelled
from threadly.core.config.strength import bits
from threadly.core.config.toml import toml
from threadly.core.config.written import written

__all__ = [
    "DEFAULT",
    "UNSET",
    "Broken",
    "ConfigurationError",
    "Gathered",
    "Mistake",
    "Profile",
    "Reading",
    "Rule",
    "Secret",
    "Section",
    "Shown",
    "Weight",
    "address_of",
    "asked_of",
    "bits",
    "by_section",
    "expect_one_line",
    "expect_port",
    "gather",
    "hosts_of",
    "is_everywhere",
    "is_near",
    "listed",
    "load",
    "mending",
    "password_of",
    "places_of",
    "showing",
    "shown",
    "spelled",
    "toml",
    "validate",
    "written",
]
