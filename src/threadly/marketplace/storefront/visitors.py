"""Who is looking, as every page greets them."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select

from threadly.core.database import Prepared, ReadSession
from threadly.marketplace.media import Picture
from threadly.marketplace.members import Member
from threadly.marketplace.storefront.views import Photo, Visitor


async def visitor(read: ReadSession, id: UUID) -> Visitor | None:
    """The member of this id, if there is one. One statement."""
    rows = await _VISITOR.fetch(read, {"id": id})
    if not rows:
        return None
    ((username, display_name, name, width, height, placeholder),) = rows
    avatar = name and Photo(name=name, width=width, height=height, placeholder=placeholder, alt=display_name)
    return Visitor(id=id, username=username, display_name=display_name, avatar=avatar)


_VISITOR: Final = Prepared(
    select(Member.username, Member.display_name, Picture.name, Picture.width, Picture.height, Picture.placeholder)
    .outerjoin(Picture, Picture.id == Member.avatar_id)
    .where(Member.id == bindparam("id", type_=Member.id.type))
)
