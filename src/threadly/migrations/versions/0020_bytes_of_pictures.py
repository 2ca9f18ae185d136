"""How many bytes the files of a picture have, so that what each member keeps can be counted."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("picture_files", sa.Column("bytes", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("picture_files", "bytes")
