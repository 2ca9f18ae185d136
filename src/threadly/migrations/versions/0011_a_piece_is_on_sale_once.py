"""What was listed anew after a removal is the same thing, which is on sale once."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

ON_SALE = sa.text("piece_id IS NOT NULL AND status IN ('available', 'reserved')")


def upgrade() -> None:
    op.add_column("listings", sa.Column("piece_id", sa.Uuid(), nullable=True))
    op.create_index("uq_listings_piece_id", "listings", ["piece_id"], unique=True, postgresql_where=ON_SALE)


def downgrade() -> None:
    op.drop_index("uq_listings_piece_id", table_name="listings", postgresql_where=ON_SALE)
    op.drop_column("listings", "piece_id")
