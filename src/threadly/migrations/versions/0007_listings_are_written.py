"""Drafts may be incomplete; prices are remembered; views are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

ACCEPTED = {"constraint-drops": "What they hold of titles and descriptions is held again, of what has been published."}

_OPTIONAL = ("department_id", "group_id", "category_id", "condition", "price_minor")
_RULES = {
    "category_has_its_lineage": "num_nulls(category_id, group_id, department_id) IN (0, 3)",
    "whole_once_public": "published_at IS NULL OR num_nulls(category_id, condition, price_minor) = 0",
    "title_length": "(published_at IS NULL OR char_length(btrim(title)) >= 3) AND char_length(title) <= 100",
    "description_length": "(published_at IS NULL OR char_length(btrim(description)) >= 10)"
    " AND char_length(description) <= 2000",
    "version_counts": "version >= 1",
    "only_drafts_are_copies": "copy_of IS NULL OR status = 'draft'",
}
_RULES_BEFORE = {
    "title_length": "char_length(btrim(title)) >= 3 AND char_length(title) <= 100",
    "description_length": "char_length(btrim(description)) >= 10 AND char_length(description) <= 2000",
}


def upgrade() -> None:
    for rule in _RULES_BEFORE:
        op.drop_constraint(op.f(f"ck_listings_{rule}"), "listings", type_="check")
    for column in _OPTIONAL:
        op.alter_column("listings", column, nullable=True)
    for column in ("title", "description"):
        op.alter_column("listings", column, server_default="")
    op.add_column("listings", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("listings", sa.Column("copy_of", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_listings_copy_of"), "listings", "listings", ["copy_of"], ["id"], ondelete="SET NULL")
    for rule, condition in _RULES.items():
        op.create_check_constraint(op.f(f"ck_listings_{rule}"), "listings", condition)
    op.create_index(
        "uq_listings_copy_of", "listings", ["copy_of"], unique=True, postgresql_where=sa.text("copy_of IS NOT NULL")
    )

    op.create_table(
        "listing_prices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("price_minor BETWEEN 1 AND 99999999", name=op.f("ck_listing_prices_price_range")),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_listing_prices_currency_form")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_listing_prices_listing_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_prices")),
    )
    op.execute(
        "INSERT INTO listing_prices (listing_id, price_minor, currency, at)"
        " SELECT id, price_minor, currency, published_at FROM listings WHERE published_at IS NOT NULL ORDER BY id"
    )
    op.create_index("ix_listing_prices_listing_id_at", "listing_prices", ["listing_id", "at"])
    op.execute(
        "CREATE FUNCTION refuse_to_change_prices() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'listing_prices only grows' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER listing_prices_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON listing_prices"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_prices()"
    )

    op.create_table(
        "listing_views",
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("visitor", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.CheckConstraint("octet_length(visitor) = 16", name=op.f("ck_listing_views_visitor_length")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_listing_views_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("listing_id", "visitor", "day", name=op.f("pk_listing_views")),
    )
    op.create_index("ix_listing_views_day", "listing_views", ["day"])
    op.create_table(
        "listing_view_counts",
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("views", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("views >= 1", name=op.f("ck_listing_view_counts_views_are_counted")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_listing_view_counts_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_listing_view_counts")),
    )


def downgrade() -> None:
    op.drop_table("listing_view_counts")
    op.drop_table("listing_views")
    op.drop_table("listing_prices")
    op.execute("DROP FUNCTION refuse_to_change_prices()")
    # Drafts that are not whole yet have no place in the older tables.
    op.execute(
        "DELETE FROM listings WHERE num_nulls(category_id, condition, price_minor) > 0"
        " OR char_length(btrim(title)) < 3 OR char_length(btrim(description)) < 10"
    )
    op.drop_index("uq_listings_copy_of", table_name="listings", postgresql_where=sa.text("copy_of IS NOT NULL"))
    for rule in _RULES:
        op.drop_constraint(op.f(f"ck_listings_{rule}"), "listings", type_="check")
    for column in ("copy_of", "version"):
        op.drop_column("listings", column)
    for column in ("title", "description"):
        op.alter_column("listings", column, server_default=None)
    for column in _OPTIONAL:
        op.alter_column("listings", column, nullable=False)
    for rule, condition in _RULES_BEFORE.items():
        op.create_check_constraint(op.f(f"ck_listings_{rule}"), "listings", condition)
