"""Lists by time and by hearts tell prices by their index, so that of a band only the rows that are in it are read."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

FOR_SALE = sa.text("status = 'available'")
ORDERS = {"newest": "published_at", "loved": "favourites"}
SCOPES = {"all": [], "department": ["department_id"], "group": ["group_id"], "category": ["category_id"]}


def upgrade() -> None:
    for scope in SCOPES:
        for order in ORDERS:
            _replace(
                f"ix_listings_for_sale_{scope}_{order}", f"ix_listings_for_sale_{scope}_{order}_priced", scope, order
            )


def downgrade() -> None:
    for scope in SCOPES:
        for order in ORDERS:
            _replace(
                f"ix_listings_for_sale_{scope}_{order}_priced", f"ix_listings_for_sale_{scope}_{order}", scope, order
            )


def _replace(former: str, latter: str, scope: str, order: str) -> None:
    prices = ["price_minor"] if latter.endswith("_priced") else []
    with op.get_context().autocommit_block():
        op.create_index(
            latter,
            "listings",
            [*SCOPES[scope], ORDERS[order], "id", *prices],
            postgresql_where=FOR_SALE,
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        op.drop_index(former, "listings", postgresql_concurrently=True, if_exists=True)
