"""One index for everything that narrows a list, so that PostgreSQL intersects before it reads."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

FOR_SALE = sa.text("status = 'available'")
NARROWED = ["document", "department_id", "group_id", "category_id", "brand_id", "size_id", "colour", "condition"]


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gin")
    op.create_index(
        "ix_listings_for_sale_narrowed",
        "listings",
        NARROWED,
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
        postgresql_where=FOR_SALE,
    )
    for name in ("document", "brand", "size", "colour", "condition"):
        op.drop_index(f"ix_listings_for_sale_{name}", "listings")


def downgrade() -> None:
    op.create_index(
        "ix_listings_for_sale_document",
        "listings",
        ["document"],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
        postgresql_where=FOR_SALE,
    )
    for column in ("brand_id", "size_id", "colour", "condition"):
        op.create_index(
            f"ix_listings_for_sale_{column.removesuffix('_id')}",
            "listings",
            [column, "published_at", "id"],
            postgresql_where=FOR_SALE,
        )
    op.drop_index("ix_listings_for_sale_narrowed", "listings")
    op.execute("DROP EXTENSION btree_gin")
