"""A member as others see one: who they are, what they sell, what they have sold."""

import re
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Select, bindparam, func, literal_column, select, tuple_

from threadly.core.database import Cursors, Prepared, ReadSession
from threadly.marketplace.listings import SOLD, UNSOLD, Listing, SellerTotals
from threadly.marketplace.media import Picture
from threadly.marketplace.members import Member, MemberNotFound
from threadly.marketplace.storefront.rows import card, shown
from threadly.marketplace.storefront.views import Page, Photo, Profile

PAGE: Final = 24


_USERNAME: Final = re.compile(r"[A-Za-z0-9_-]{3,20}")


class Rail(StrEnum):
    """What hangs on it: what can be had, or what found its next wardrobe."""

    SELLING = "selling"
    SOLD = "sold"


class _Key(msgspec.Struct, frozen=True, array_like=True):
    at: datetime
    id: UUID


async def profile(read: ReadSession, username: str) -> Profile:
    """A member by name, in whatever case it is written. One statement.

    Raises:
        MemberNotFound: None has it.
    """
    row = None
    if _USERNAME.fullmatch(username):
        row = (await read.execute(_PROFILE, {"username": username.lower()})).first()
    if row is None:
        raise MemberNotFound(username=username[:50])
    name, width, height, placeholder = row.avatar_name, row.width, row.height, row.placeholder
    return Profile(
        id=row.id,
        username=row.username,
        display_name=row.display_name,
        bio=row.bio,
        place=row.place,
        joined_at=row.joined_at,
        avatar=name and Photo(name=name, width=width, height=height, placeholder=placeholder, alt=row.display_name),
        selling=row.selling,
        sold=row.sold,
        hearts=row.hearts,
    )


async def rail(read: ReadSession, member_id: UUID, rail: Rail, cursors: Cursors, *, after: str | None = None) -> Page:
    """A page of what a member sells, newest first, or has sold, latest first. One statement.

    Raises:
        CursorRejected: `after` was not given out for this list.
    """
    query = f"{rail}|{member_id}"
    given: dict[str, object] = {"member_id": member_id}
    if after is not None:
        key = cursors.open(after, _Key, query=query)
        given |= {"after": key.at, "after_id": key.id}
    rows = await _prepared(rail, follows=after is not None).fetch(read, given)
    items = tuple([card(row) for row in rows[:PAGE]])
    if len(rows) <= PAGE:
        return Page(items=items, next=None)
    last = rows[PAGE - 1]
    return Page(items=items, next=cursors.seal(_Key(last[-1], last[0]), query=query))


@cache
def _prepared(rail: Rail, *, follows: bool) -> Prepared:
    return Prepared(_page(rail, follows=follows))


def _page(rail: Rail, *, follows: bool) -> Select[*tuple[Any, ...]]:
    column = Listing.published_at if rail is Rail.SELLING else Listing.sold_at
    hung = select(Listing, column.label("hung_at")).where(
        Listing.seller_id == bindparam("member_id"), UNSOLD if rail is Rail.SELLING else SOLD
    )
    if follows:
        end = tuple_(bindparam("after", type_=column.type), bindparam("after_id", type_=Listing.id.type))
        hung = hung.where(tuple_(column, Listing.id) < end)
    cut = hung.order_by(column.desc(), Listing.id.desc()).limit(literal_column(str(PAGE + 1))).subquery("page")
    return shown(cut, "hung_at", descending=True)


_PROFILE: Final = (
    select(
        Member.id,
        Member.username,
        Member.display_name,
        Member.bio,
        Member.place,
        Member.joined_at,
        Picture.name.label("avatar_name"),
        Picture.width,
        Picture.height,
        Picture.placeholder,
        (func.coalesce(SellerTotals.available, 0) + func.coalesce(SellerTotals.reserved, 0)).label("selling"),
        func.coalesce(SellerTotals.sold, 0).label("sold"),
        func.coalesce(SellerTotals.hearts, 0).label("hearts"),
    )
    .outerjoin(Picture, Picture.id == Member.avatar_id)
    .outerjoin(SellerTotals, SellerTotals.seller_id == Member.id)
    .where(func.lower(Member.username) == bindparam("username"))
)
