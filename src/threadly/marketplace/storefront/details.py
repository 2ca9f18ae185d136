"""One listing, whole, and what is like it."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, Uuid, bindparam, exists, func, literal_column, select, union_all
from sqlalchemy.orm import aliased

from threadly.core import clock
from threadly.core.database import Prepared, ReadSession
from threadly.marketplace.catalog import Brand, Category, Colour, Material, Size
from threadly.marketplace.favourites import Favourite
from threadly.marketplace.listings import FOR_SALE, PUBLIC, Listing, ListingNotFound, ListingPicture
from threadly.marketplace.media import Picture
from threadly.marketplace.members import Member
from threadly.marketplace.storefront.rows import card, shown
from threadly.marketplace.storefront.views import Card, CategoryStep, ColourShown, Detail, Photo, SellerProfile

SIMILAR: Final = 6
_NEAR: Final = 12  # on either side of a price: enough to prefer among


async def listing(read: ReadSession, id: UUID, *, seen_by: UUID | None = None) -> Detail:
    """One listing as its page shows it, also when it is reserved or sold; `seen_by` is the member who looks.
    Two statements.

    Raises:
        ListingNotFound: None, or not public: a draft, or removed.
    """
    row = (await read.execute(_DETAIL, {"id": id, "seen_by": seen_by})).first()
    if row is None:
        raise ListingNotFound(listing_id=id)
    pictures = await read.execute(_PICTURES, {"id": id})
    return _detail(row, tuple(Photo(name=n, width=w, height=h, placeholder=p, alt=a) for n, w, h, p, a in pictures))


async def preview(read: ReadSession, seller_id: UUID, id: UUID) -> Detail:
    """A listing as its buyers will see it, also when it is a draft; it must be whole. Two statements.

    Raises:
        ListingNotFound: None, somebody else's, or one that is not whole.
    """
    row = (await read.execute(_PREVIEW, {"id": id, "seller_id": seller_id, "seen_by": seller_id})).first()
    if row is None:
        raise ListingNotFound(listing_id=id)
    pictures = await read.execute(_PICTURES, {"id": id})
    return _detail(row, tuple(Photo(name=n, width=w, height=h, placeholder=p, alt=a) for n, w, h, p, a in pictures))


async def similar(read: ReadSession, to: Detail) -> tuple[Card, ...]:
    """Up to six things of the same category, for half to twice the price: the same maker's and size first, then those
    that cost most nearly the same. One statement, which reads a few rows on either side of the price by an index.
    """
    given = {
        "id": to.id,
        "category_id": to.category_id,
        "price": to.price_minor,
        "lowest": (to.price_minor + 1) // 2,
        "highest": to.price_minor * 2,
    }
    found = [card(row) for row in await _SIMILAR.fetch(read, given)]
    found.sort(key=lambda near: _unlike(near, to))
    return tuple(found[:SIMILAR])


def _unlike(card: Card, to: Detail) -> tuple[int, int]:
    same_maker = card.brand is not None and card.brand == to.brand
    same_size = card.size is not None and card.size == to.size
    return -same_maker - same_size, abs(card.price_minor - to.price_minor)


_Department, _Group = aliased(Category), aliased(Category)
_Avatar = aliased(Picture)

_WHOLE: Final = (
    select(
        Listing.id,
        Listing.status,
        Listing.title,
        Listing.description,
        Listing.price_minor,
        Listing.currency,
        Listing.condition,
        Listing.published_at,
        Listing.sold_at,
        Listing.category_id,
        Listing.favourites,
        exists()
        .where(Favourite.listing_id == Listing.id, Favourite.member_id == bindparam("seen_by", type_=Uuid()))
        .label("is_loved"),
        func.coalesce(Listing.brand_name, Brand.name).label("brand"),
        Size.label.label("size"),
        Material.name.label("material"),
        Colour.code.label("colour_code"),
        Colour.name.label("colour_name"),
        Colour.hex.label("colour_hex"),
        _Department.name.label("department_name"),
        _Department.path.label("department_path"),
        _Group.name.label("group_name"),
        _Group.path.label("group_path"),
        Category.name.label("category_name"),
        Category.path.label("category_path"),
        Member.id.label("seller_id"),
        Member.username,
        Member.display_name,
        Member.place,
        Member.joined_at,
        _Avatar.name.label("avatar_name"),
        _Avatar.width.label("avatar_width"),
        _Avatar.height.label("avatar_height"),
        _Avatar.placeholder.label("avatar_placeholder"),
    )
    .join(Member, Member.id == Listing.seller_id)
    .join(Category, Category.id == Listing.category_id)
    .join(_Group, _Group.id == Listing.group_id)
    .join(_Department, _Department.id == Listing.department_id)
    .outerjoin(Brand, Brand.id == Listing.brand_id)
    .outerjoin(Size, Size.id == Listing.size_id)
    .outerjoin(Material, Material.code == Listing.material)
    .outerjoin(Colour, Colour.code == Listing.colour)
    .outerjoin(_Avatar, _Avatar.id == Member.avatar_id)
    .where(Listing.id == bindparam("id"))
)
_DETAIL: Final = _WHOLE.where(PUBLIC)
_PREVIEW: Final = _WHOLE.where(
    Listing.seller_id == bindparam("seller_id"), Listing.condition.is_not(None), Listing.price_minor.is_not(None)
)

_PICTURES: Final = (
    select(Picture.name, Picture.width, Picture.height, Picture.placeholder, ListingPicture.alt)
    .join(ListingPicture, ListingPicture.picture_id == Picture.id)
    .where(ListingPicture.listing_id == bindparam("id"))
    .order_by(ListingPicture.position)
)


def _detail(row: Row[*tuple[Any, ...]], pictures: tuple[Photo, ...]) -> Detail:
    return Detail(
        id=row.id,
        status=row.status,
        title=row.title,
        description=row.description,
        price_minor=row.price_minor,
        currency=row.currency,
        condition=row.condition,
        brand=row.brand,
        size=row.size,
        colour=row.colour_code and ColourShown(code=row.colour_code, name=row.colour_name, hex=row.colour_hex),
        material=row.material,
        categories=(
            CategoryStep(name=row.department_name, path=row.department_path),
            CategoryStep(name=row.group_name, path=row.group_path),
            CategoryStep(name=row.category_name, path=row.category_path),
        ),
        published_at=row.published_at or clock.now(),
        sold_at=row.sold_at,
        seller=SellerProfile(
            id=row.seller_id,
            username=row.username,
            display_name=row.display_name,
            place=row.place,
            joined_at=row.joined_at,
            avatar=row.avatar_name
            and Photo(
                name=row.avatar_name,
                width=row.avatar_width,
                height=row.avatar_height,
                placeholder=row.avatar_placeholder,
                alt=row.display_name,
            ),
        ),
        pictures=pictures,
        category_id=row.category_id,
        favourites=row.favourites,
        is_loved=row.is_loved,
    )


def _near() -> Select[*tuple[Any, ...]]:
    here = (
        select(Listing)
        .where(
            FOR_SALE,
            Listing.category_id == bindparam("category_id"),
            Listing.price_minor.between(bindparam("lowest"), bindparam("highest")),
            Listing.id != bindparam("id"),
        )
        .limit(literal_column(str(_NEAR)))
    )
    dearer = here.where(Listing.price_minor >= bindparam("price")).order_by(Listing.price_minor, Listing.id)
    cheaper = here.where(Listing.price_minor < bindparam("price")).order_by(
        Listing.price_minor.desc(), Listing.id.desc()
    )
    both = union_all(dearer.subquery("dearer").select(), cheaper.subquery("cheaper").select()).subquery("page")
    return shown(both, "price_minor", descending=False)


_SIMILAR: Final = Prepared(_near())
