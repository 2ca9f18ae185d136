"""Members are different people, from many places, whom the database accepts."""

import re
from collections import Counter
from datetime import timedelta

from tests.sample.making import UNTIL
from threadly.sample.people import MOST, number, people, shares


def test_everybody_has_a_name_that_a_profile_may_carry() -> None:
    members = people(100_000, 1, UNTIL)
    assert len(members) == MOST
    assert all(re.fullmatch("[a-zA-Z0-9_-]{3,20}", person.username) for person in members)
    assert len({person.username.lower() for person in members}) == len(members)
    assert all(1 <= len(person.display_name) <= 50 and len(person.bio) <= 500 for person in members)
    assert all(person.joined_at < UNTIL - timedelta(days=366) for person in members)


def test_people_come_from_many_places_and_write_in_their_own_letters() -> None:
    members = people(100_000, 1, UNTIL)
    assert len({person.place for person in members}) > 40
    assert min(Counter(person.language for person in members).values()) > 15
    assert any(re.search("[А-я]", person.display_name) for person in members)
    assert any(re.search("[é-ž]", person.place) for person in members)


def test_the_same_shop_has_the_same_people_on_another_day() -> None:
    today, tomorrow = people(600, 1, UNTIL), people(600, 1, UNTIL + timedelta(days=1))
    assert [(p.username, p.id.int & (1 << 62) - 1) for p in today] == [
        (p.username, p.id.int & (1 << 62) - 1) for p in tomorrow
    ]
    assert not {p.id for p in today} & {p.id for p in people(600, 2, UNTIL)}


def test_there_are_more_people_in_a_larger_shop_and_the_first_sells_most() -> None:
    assert [number(listings) for listings in (1, 600, 2000, 1_000_000)] == [24, 74, 190, 420]
    weights = shares(people(600, 1, UNTIL))
    assert weights == sorted(weights, reverse=True)
