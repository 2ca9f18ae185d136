"""Hearts, and what trends."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "favourites",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_favourites_member_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_favourites_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "listing_id", name=op.f("pk_favourites")),
    )
    op.create_index("ix_favourites_member_id_created_at", "favourites", ["member_id", "created_at", "listing_id"])
    op.create_index("ix_favourites_listing_id", "favourites", ["listing_id"])
    op.create_index("ix_favourites_created_at", "favourites", ["created_at"])
    op.create_table(
        "trending",
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.CheckConstraint("score > 0", name=op.f("ck_trending_score_is_positive")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_trending_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_trending")),
    )
    op.create_index(
        "ix_listings_of_seller_unsold",
        "listings",
        ["seller_id", "published_at", "id"],
        postgresql_where=sa.text("status IN ('available', 'reserved')"),
    )
    op.create_index(
        "ix_listings_of_seller_sold",
        "listings",
        ["seller_id", "sold_at", "id"],
        postgresql_where=sa.text("status = 'sold'"),
    )


def downgrade() -> None:
    op.drop_index("ix_listings_of_seller_sold", "listings")
    op.drop_index("ix_listings_of_seller_unsold", "listings")
    op.drop_table("trending")
    op.drop_table("favourites")
