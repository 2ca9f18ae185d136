"""One index for everything that narrows a list, so that PostgreSQL intersects before it reads."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

FOR_SALE = sa.text("status = 'available'")
SAMPLED = sa.text("status = 'available' AND get_byte(uuid_send(id), 15) < 4")
SCOPES = {"for_sale": FOR_SALE, "sampled": SAMPLED}
NARROWED = ["document", "department_id", "group_id", "category_id", "brand_id", "size_id", "colour", "condition"]


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gin")
    _index("narrowed", NARROWED)
    for name in ("document", "brand", "size", "colour", "condition"):
        op.drop_index(f"ix_listings_for_sale_{name}", "listings")
    op.drop_index("ix_listings_sampled_document", "listings")


def downgrade() -> None:
    _index("document", ["document"])
    for column in ("brand_id", "size_id", "colour", "condition"):
        op.create_index(
            f"ix_listings_for_sale_{column.removesuffix('_id')}",
            "listings",
            [column, "published_at", "id"],
            postgresql_where=FOR_SALE,
        )
    for scope in SCOPES:
        op.drop_index(f"ix_listings_{scope}_narrowed", "listings")
    op.execute("DROP EXTENSION btree_gin")


def _index(name: str, columns: list[str]) -> None:
    for scope, where in SCOPES.items():
        op.create_index(
            f"ix_listings_{scope}_{name}",
            "listings",
            columns,
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
            postgresql_where=where,
        )
