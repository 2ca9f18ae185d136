"""Pictures have ids that follow from what they show."""

from dataclasses import replace

from tests.sample.making import a_shop, undrawn
from threadly.sample.exhibition import DRAWN_BEFORE, avatar_of
from threadly.sample.people import people


def test_a_picture_has_the_same_id_in_every_database_and_each_is_there_once() -> None:
    shop = a_shop(600)
    shown = undrawn(shop)
    assert shown.rows() == undrawn(shop).rows()
    assert len(shown.rows()) == len({drawn.name for drawn in shown.rows().values()})
    moment = int((shop.until - DRAWN_BEFORE).timestamp() * 1000)
    assert {id.int >> 80 for id in shown.rows()} == {moment}


def test_looks_that_were_drawn_alike_are_one_picture() -> None:
    shown = undrawn(a_shop(600))
    [one, other, *_] = shown.looks
    alike = replace(shown, looks=dict(shown.looks) | {other: shown.looks[one]})
    assert len(alike.rows()) == len(shown.rows()) - 1


def test_members_have_initials_that_can_be_drawn_or_no_avatar() -> None:
    shop = a_shop(100_000)
    avatars = [avatar_of(person) for person in people(shop.listings, shop.seed, shop.until)]
    assert 0.7 < sum(avatar is not None for avatar in avatars) / len(avatars) < 0.95
    for avatar in filter(None, avatars):
        assert 1 <= len(avatar.initials) <= 4
        assert avatar.initials.isascii()
        assert avatar.initials.isupper()
