"""Acts have names of one form, each of its own, and say what has happened."""

import re

from threadly.commands.acts import DatabaseUpgraded
from threadly.core.audit import every_act
from threadly.core.database.outbox import NAME_FORM
from threadly.marketplace.catalog.service import CatalogueChanged
from threadly.marketplace.listings.removal import ListingRemoved
from threadly.marketplace.members.service import SignedUp


def test_each_act_has_a_name_of_its_own_and_a_sentence() -> None:
    ours = [act for act in every_act() if act.__module__.startswith("threadly.")]
    named = [act.name for act in ours]
    assert {SignedUp.name, ListingRemoved.name, CatalogueChanged.name, DatabaseUpgraded.name} < set(named)
    assert named == sorted(set(named))
    assert all(re.fullmatch(NAME_FORM, name) and len(name) <= 100 for name in named)
    assert all((act.__doc__ or "").strip().endswith(".") for act in ours)
