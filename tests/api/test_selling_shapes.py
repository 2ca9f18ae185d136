"""What may be sent, and what it means."""

from msgspec import UNSET

from threadly.api.selling_shapes import ListingChanges, ListingDraft


def test_what_is_absent_is_unset_and_an_empty_brand_is_none() -> None:
    assert ListingDraft().changes().title is UNSET
    changes = ListingChanges(brand="", colour=None, title="A hat").changes()
    assert (changes.brand, changes.colour, changes.title, changes.material) == (None, None, "A hat", UNSET)
