"""What is for sale, and what was."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
    func,
    literal_column,
    or_,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from threadly.core import clock, ids
from threadly.core.database import Model
from threadly.marketplace.catalog import CONDITION, Condition


class ListingStatus(StrEnum):
    """draft → available → reserved → sold. Drafts and available listings can be removed, and restored."""

    DRAFT = "draft"
    AVAILABLE = "available"
    RESERVED = "reserved"
    SOLD = "sold"
    REMOVED = "removed"


_STATUS = Enum(ListingStatus, name="listing_status", values_callable=lambda kind: [member.value for member in kind])
_FACTS = ("department_id", "group_id", "category_id", "brand_id", "size_id", "colour", "condition")
"""What most people narrow a list by."""
_IS_SAMPLED = sql("status = 'available' AND get_byte(uuid_send(id), 15) < 4")
"""As SAMPLED says it."""


class Listing(Model):
    """One thing, once. Its category is kept with its lineage, so that each level has an index to read in order.

    What was never public may be incomplete; what was is whole, for ever.
    """

    __tablename__ = "listings"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    seller_id: Mapped[UUID] = mapped_column(ForeignKey("members.id", ondelete="RESTRICT"))
    department_id: Mapped[UUID | None]
    group_id: Mapped[UUID | None]
    category_id: Mapped[UUID | None]
    brand_id: Mapped[UUID | None] = mapped_column(ForeignKey("brands.id", ondelete="RESTRICT"))
    brand_name: Mapped[str | None]
    """What its seller typed, until it is published: only what is on sale makes a brand known."""
    size_id: Mapped[UUID | None] = mapped_column(ForeignKey("sizes.id", ondelete="RESTRICT"))
    colour: Mapped[str | None] = mapped_column(ForeignKey("colours.code", ondelete="RESTRICT"))
    material: Mapped[str | None] = mapped_column(ForeignKey("materials.code", ondelete="RESTRICT"))
    condition: Mapped[Condition | None] = mapped_column(CONDITION)
    status: Mapped[ListingStatus] = mapped_column(_STATUS, default=ListingStatus.DRAFT, server_default="draft")
    title: Mapped[str] = mapped_column(default="", server_default="")
    description: Mapped[str] = mapped_column(default="", server_default="")
    price_minor: Mapped[int | None]
    currency: Mapped[str]
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    """Rises with each edit of its words and facts, so that who looked at an older one is told."""
    copy_of: Mapped[UUID | None] = mapped_column(ForeignKey("listings.id", ondelete="SET NULL"))
    """The listing that this draft lists anew; forgotten once it is more than a draft, or removed."""
    piece_id: Mapped[UUID | None]
    """Shared by what was listed anew after a removal, and so is one and the same thing; None for what never was."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)
    published_at: Mapped[datetime | None]
    sold_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    favourites: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many members love it."""
    document: Mapped[str] = mapped_column(TSVECTOR, deferred=True)
    """What it can be found by. The database writes it (`listing_document`), whoever writes the row."""

    __table_args__ = (
        # A category that moves takes its listings along.
        ForeignKeyConstraint(
            ["category_id", "group_id", "department_id"],
            ["categories.id", "categories.parent_id", "categories.department_id"],
            name="fk_listings_category_is_a_leaf",
            ondelete="RESTRICT",
            onupdate="CASCADE",
        ),
        CheckConstraint("category_id <> group_id AND group_id <> department_id", name="category_is_a_leaf"),
        CheckConstraint("num_nulls(category_id, group_id, department_id) IN (0, 3)", name="category_has_its_lineage"),
        CheckConstraint(
            "published_at IS NULL OR num_nulls(category_id, condition, price_minor) = 0", name="whole_once_public"
        ),
        CheckConstraint(
            "(published_at IS NULL OR char_length(btrim(title)) >= 3) AND char_length(title) <= 100",
            name="title_length",
        ),
        CheckConstraint(
            "(published_at IS NULL OR char_length(btrim(description)) >= 10) AND char_length(description) <= 2000",
            name="description_length",
        ),
        CheckConstraint("char_length(btrim(brand_name)) BETWEEN 1 AND 50", name="brand_name_length"),
        CheckConstraint("brand_name IS NULL OR (brand_id IS NULL AND published_at IS NULL)", name="brand_name_waits"),
        CheckConstraint("version >= 1", name="version_counts"),
        CheckConstraint("copy_of IS NULL OR status = 'draft'", name="only_drafts_are_copies"),
        CheckConstraint("price_minor BETWEEN 1 AND 99999999", name="price_range"),
        CheckConstraint("favourites >= 0", name="favourites_are_counted"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_form"),
        CheckConstraint(
            "CASE status WHEN 'draft' THEN published_at IS NULL"
            " WHEN 'removed' THEN true ELSE published_at IS NOT NULL END",
            name="published_once_public",
        ),
        CheckConstraint("(status = 'sold') = (sold_at IS NOT NULL)", name="sold_has_its_time"),
        CheckConstraint("(status = 'removed') = (removed_at IS NOT NULL)", name="removed_has_its_time"),
        *(
            Index(
                f"ix_listings_for_sale_{scope or 'all'}_{name}",
                *([f"{scope}_id"] if scope else []),
                *columns,
                postgresql_where=sql("status = 'available'"),
            )
            for scope in ("", "department", "group", "category")
            # A band of prices in another order: by the index alone it is known which rows need not be read.
            for name, columns in (
                ("newest_priced", ("published_at", "id", "price_minor")),
                ("price", ("price_minor", "id")),
                ("loved_priced", ("favourites", "id", "price_minor")),
            )
        ),
        # All that narrows a list, in one: words and facts are intersected before a row is read. The same of the sample,
        # by which what is too much to count is estimated: see SAMPLED.
        *(
            Index(
                f"ix_listings_{scope}_narrowed",
                "document",
                *_FACTS,
                postgresql_using="gin",
                postgresql_with={"fastupdate": "off"},
                postgresql_where=where,
            )
            for scope, where in (
                ("for_sale", sql("status = 'available'")),
                ("sampled", _IS_SAMPLED),
            )
        ),
        Index(
            "ix_listings_sampled",
            *_FACTS,
            "price_minor",
            postgresql_where=_IS_SAMPLED,
        ),
        Index("ix_listings_seller_id_status_created_at", "seller_id", "status", "created_at"),
        # Whoever lists a thing anew twice at once gets one draft.
        Index("uq_listings_copy_of", "copy_of", unique=True, postgresql_where=sql("copy_of IS NOT NULL")),
        # However it is listed, a thing is on sale once.
        Index(
            "uq_listings_piece_id",
            "piece_id",
            unique=True,
            postgresql_where=sql("piece_id IS NOT NULL AND status IN ('available', 'reserved')"),
        ),
        # What a member's own page shows: what can be had, and what is gone.
        Index(
            "ix_listings_of_seller_unsold",
            "seller_id",
            "published_at",
            "id",
            postgresql_where=sql("status IN ('available', 'reserved')"),
        ),
        Index("ix_listings_of_seller_sold", "seller_id", "sold_at", "id", postgresql_where=sql("status = 'sold'")),
    )


class ListingPicture(Model):
    """Which pictures a listing shows, in order; the first is its cover."""

    __tablename__ = "listing_pictures"

    listing_id: Mapped[UUID] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    picture_id: Mapped[UUID] = mapped_column(ForeignKey("pictures.id", ondelete="RESTRICT"))
    alt: Mapped[str]

    __table_args__ = (
        CheckConstraint("position BETWEEN 1 AND 10", name="position_range"),
        CheckConstraint("char_length(alt) <= 100", name="alt_length"),
        UniqueConstraint("listing_id", "picture_id"),
        Index("ix_listing_pictures_picture_id", "picture_id"),
    )


class ListingPrice(Model):
    """What a listing cost from when on: its first price, and each one after. A trigger refuses every other change."""

    __tablename__ = "listing_prices"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    listing_id: Mapped[UUID] = mapped_column(ForeignKey("listings.id", ondelete="RESTRICT"))
    price_minor: Mapped[int]
    currency: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (
        CheckConstraint("price_minor BETWEEN 1 AND 99999999", name="price_range"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_form"),
        Index("ix_listing_prices_listing_id_at", "listing_id", "at"),
    )


class ListingView(Model):
    """Somebody looked at a listing on a day. Who, nobody can tell: `visitor` is a digest with the day's own salt."""

    __tablename__ = "listing_views"

    listing_id: Mapped[UUID] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    visitor: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)

    __table_args__ = (
        CheckConstraint("octet_length(visitor) = 16", name="visitor_length"),
        Index("ix_listing_views_day", "day"),
    )


class ListingViews(Model):
    """How often a listing was looked at, all days together."""

    __tablename__ = "listing_view_counts"

    listing_id: Mapped[UUID] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    views: Mapped[int]

    __table_args__ = (CheckConstraint("views >= 1", name="views_are_counted"),)


class SellerTotals(Model):
    """What a seller has, in figures. The database writes them (`total_listings_…`, `total_looks_…`), whoever writes a
    listing or counts a look, in the same transaction; so nobody ever counts. Who never listed anything has no row.
    """

    __tablename__ = "seller_totals"

    seller_id: Mapped[UUID] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    drafts: Mapped[int] = mapped_column(default=0, server_default="0")
    available: Mapped[int] = mapped_column(default=0, server_default="0")
    reserved: Mapped[int] = mapped_column(default=0, server_default="0")
    sold: Mapped[int] = mapped_column(default=0, server_default="0")
    removed: Mapped[int] = mapped_column(default=0, server_default="0")
    hearts: Mapped[int] = mapped_column(default=0, server_default="0")
    """Of what anybody may look at."""
    views: Mapped[int] = mapped_column(default=0, server_default="0")
    """Of all that was ever public."""


FOR_SALE = Listing.status == literal_column(f"'{ListingStatus.AVAILABLE}'")
"""What is for sale. A literal, because PostgreSQL uses a partial index only where it can prove that it fits."""

PUBLIC = or_(FOR_SALE, Listing.status.in_([literal_column("'reserved'"), literal_column("'sold'")]))
"""What anybody may look at: what is for sale, and what was."""

SAMPLED = func.get_byte(func.uuid_send(Listing.id), literal_column("15")) < literal_column("4")
"""One listing in 64, at random: those whose ids end in one of four bytes."""
UNSOLD = Listing.status.in_([literal_column("'available'"), literal_column("'reserved'")])
"""What a seller has out: reserved counts, since it comes back if the buyer changes their mind."""

SOLD = Listing.status == literal_column("'sold'")
"""What found its next wardrobe."""
