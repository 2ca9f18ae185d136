"""What one worker knows of a limit."""

from threadly.core.security.limits.book import MOST_LEASES, Book
from threadly.core.security.limits.limit import Limit, Sharing

GENERAL = Limit("general", 100, 60, sharing=Sharing.LEASED)
"""Whose leases last 3 s."""


def test_a_lease_is_used_up_or_lapses() -> None:
    book = Book(GENERAL, most_keys=10_000)
    book.keep("a", 2, asked_at=10.0, now=10.1)
    assert [book.take("a", 1, now) for now in (10.2, 12.9, 12.9)] == [True, True, False]
    book.keep("a", 2, asked_at=20.0, now=20.0)
    assert not book.take("a", 1, 23.0)
    assert book.leased("a") == 0


def test_beside_an_older_lease_what_is_added_lasts_no_longer() -> None:
    book = Book(GENERAL, most_keys=10_000)
    book.keep("a", 2, asked_at=10.0, now=10.0)
    book.keep("a", 3, asked_at=12.0, now=12.0)
    assert book.leased("a") == 5
    assert not book.take("a", 1, 13.0)


def test_what_is_given_back_can_be_taken_again() -> None:
    book = Book(GENERAL, most_keys=10_000)
    book.keep("a", 1, asked_at=10.0, now=10.0)
    assert book.take("a", 1, 10.0)
    book.give_back("a", 1)
    assert book.take("a", 1, 10.0)


def test_leases_are_so_many_and_the_oldest_that_have_lapsed_make_room() -> None:
    book = Book(GENERAL, most_keys=10_000)
    for number in range(MOST_LEASES + 5):
        book.keep(str(number), 1, asked_at=10.0, now=10.0)
    assert len(book.leases) == MOST_LEASES
    book.keep("new", 1, asked_at=14.0, now=14.0)
    assert (book.leased("new"), book.leased("0"), len(book.leases)) == (1, 0, MOST_LEASES)


def test_whoever_uses_up_lease_after_lease_keeps_no_room_from_others() -> None:
    book = Book(GENERAL, most_keys=10_000)
    book.keep("steady", 1, asked_at=10.0, now=10.0)
    for number in range(MOST_LEASES - 1):
        book.keep(str(number), 1, asked_at=10.0, now=10.0)
    book.take("steady", 1, 12.0)
    book.keep("steady", 1, asked_at=14.0, now=14.0)
    book.keep("new", 1, asked_at=14.0, now=14.0)
    assert (book.leased("new"), book.leased("steady")) == (1, 1)
