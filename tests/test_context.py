"""What is told of a request says whose it is, and about which listing."""

from uuid import UUID

import msgspec
import pytest

from threadly.context import ShopWork, note_member, note_route
from threadly.core.observability import Work, current

ID = UUID(int=1)


def test_a_request_says_its_route_its_member_and_its_listing() -> None:
    with ShopWork(request_id="r") as work:
        note_route("/listings/{listing_id:uuid}", {"listing_id": ID})
        note_member(str(ID))

    assert msgspec.to_builtins(work) == {
        "request_id": "r",
        "route": "/listings/{listing_id:uuid}",
        "member_id": str(ID),
        "listing_id": str(ID),
    }


@pytest.mark.parametrize("named", [{}, {"slug": "dresses"}, {"listing_id": None}])
def test_a_route_about_no_listing_says_none(named: dict[str, object]) -> None:
    with ShopWork() as work:
        note_route("/c/{slug}", named)

    assert (work.route, work.listing_id) == ("/c/{slug}", None)


def test_work_of_another_kind_knows_the_route_alone_and_outside_of_any_nobody_does() -> None:
    with Work() as work:
        note_route("/listings/{listing_id:uuid}", {"listing_id": ID})
        note_member(str(ID))
    note_route("/", {})
    note_member(str(ID))

    assert msgspec.to_builtins(work) == {"route": "/listings/{listing_id:uuid}"}
    assert current() is None
