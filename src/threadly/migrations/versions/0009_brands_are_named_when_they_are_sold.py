"""A draft keeps the name of its brand as it was typed; a brand comes to be when something of it is on sale."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_RULES = {
    "brand_name_length": "char_length(btrim(brand_name)) BETWEEN 1 AND 50",
    "brand_name_waits": "brand_name IS NULL OR (brand_id IS NULL AND published_at IS NULL)",
}


def upgrade() -> None:
    op.add_column("listings", sa.Column("brand_name", sa.Text(), nullable=True))
    for rule, condition in _RULES.items():
        op.create_check_constraint(op.f(f"ck_listings_{rule}"), "listings", condition)


def downgrade() -> None:
    for rule in _RULES:
        op.drop_constraint(op.f(f"ck_listings_{rule}"), "listings", type_="check")
    op.drop_column("listings", "brand_name")
