"""Makes what a test needs: `await a_listing(db, price_minor=10_00)`; whatever is not said is plausible."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from threadly.core.auth import AuthSettings, Issued, sessions
from threadly.core.database import Database, Tx
from threadly.marketplace.catalog import Brand, Category, Condition
from threadly.marketplace.listings import Listing, ListingPicture, ListingStatus
from threadly.marketplace.media import Picture, PictureUpload
from threadly.marketplace.members import Credential, Member

THEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def _add(tx: Tx, *rows: object) -> None:
    tx.add_all(rows)


async def a_category(db: Database, path: str = "women/clothing/dresses") -> Category:
    """The category at a path of slugs, with all above it; what is there already is used."""

    async def make(tx: Tx) -> Category:
        parent: Category | None = None
        for depth, slug in enumerate(path.split("/"), start=1):
            here = f"{parent.path}/{slug}" if parent else slug
            found = await tx.scalar(select(Category).where(Category.path == here))
            if found is None:
                id = uuid4()
                found = Category(
                    id=id,
                    parent_id=parent and parent.id,
                    department_id=parent.department_id if parent else id,
                    depth=depth,
                    name=slug.replace("-", " ").title(),
                    slug=slug,
                    path=here,
                    position=1,
                )
                tx.add(found)
                await tx.flush()
            parent = found
        assert parent is not None
        return parent

    return await db.run(make)


async def a_member(db: Database, **facts: Any) -> Member:  # noqa: ANN401 - columns of any type
    """A member."""
    member = Member(
        **{"id": uuid4(), "username": f"m-{uuid4().hex[:12]}", "display_name": "Мила É", "place": "Sofia"} | facts
    )
    await db.run(_add, member)
    return member


async def a_session(db: Database, member_id: UUID) -> Issued:
    """A member's session."""
    return await db.run(sessions.issue, member_id, settings=AuthSettings())


async def a_credential(db: Database, member_id: UUID, **facts: Any) -> Credential:  # noqa: ANN401
    """How a member signs in; with no password that anybody has."""
    plain = {"member_id": member_id, "email": f"{uuid4().hex}@shop.example", "password_hash": "$argon2id$x"}
    credential = Credential(**plain | facts)
    await db.run(_add, credential)
    return credential


async def a_picture(db: Database, *, owner_id: UUID | None = None, **facts: Any) -> Picture:  # noqa: ANN401
    """A picture, without files; of nobody, if no owner is named."""
    plain = {
        "id": uuid4(),
        "name": uuid4().hex,
        "width": 1280,
        "height": 1600,
        "placeholder": "data:image/webp;base64,AA",
    }
    picture = Picture(**plain | facts)
    await db.run(_add, picture)
    if owner_id is not None:
        await db.run(_add, PictureUpload(picture_id=picture.id, member_id=owner_id))
    return picture


async def a_brand(db: Database, name: str, slug: str | None = None) -> Brand:
    """A brand."""
    brand = Brand(id=uuid4(), name=name, slug=slug or f"brand-{uuid4().hex[:8]}")
    await db.run(_add, brand)
    return brand


async def a_listing(
    db: Database,
    *,
    category: str = "women/clothing/dresses",
    pictures: int = 1,
    seller_id: UUID | None = None,
    **facts: Any,  # noqa: ANN401
) -> Listing:
    """A listing that is for sale, with pictures, of a new seller if none is named."""
    leaf = await a_category(db, category)
    assert leaf.parent_id is not None
    plain = {
        "id": uuid4(),
        "department_id": leaf.department_id,
        "group_id": leaf.parent_id,
        "category_id": leaf.id,
        "seller_id": seller_id or (await a_member(db)).id,
        "condition": Condition.GOOD,
        "status": ListingStatus.AVAILABLE,
        "title": "Linen summer dress",
        "description": "Worn twice, from a home without smoke.",
        "price_minor": 24_50,
        "currency": "EUR",
        "published_at": THEN,
    }
    listing = Listing(**plain | facts)
    await db.run(_add, listing)
    for position in range(1, pictures + 1):
        picture = await a_picture(db)
        shown = ListingPicture(listing_id=listing.id, position=position, picture_id=picture.id, alt=f"View {position}")
        await db.run(_add, shown)
    return listing
