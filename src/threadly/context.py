"""What Threadly says of the work under way beside what every application says: whose it is, and about which listing."""

from collections.abc import Mapping
from uuid import UUID

from threadly.core.observability import Work, current


class ShopWork(Work, kw_only=True):
    """One request of the shop. Not guaranteed: that `member_id` may act; it is told, not judged."""

    member_id: str | None = None
    listing_id: str | None = None


def note_route(template: str | None, named: Mapping[str, object]) -> None:
    """All that is told from here on knows the route, and the listing, if the route's `listing_id` names one."""
    work = current()
    if work is not None:
        work.route = template
    if isinstance(work, ShopWork) and (id := named.get("listing_id")) is not None:
        work.listing_id = str(id)


def note_member(id: str) -> None:
    """All that is told from here on knows whose request it is, by the text of their id."""
    if isinstance(work := current(), ShopWork):
        work.member_id = id


def member_at_work() -> UUID | None:
    """Whose request it is, if that is known."""
    work = current()
    return UUID(work.member_id) if isinstance(work, ShopWork) and work.member_id is not None else None
