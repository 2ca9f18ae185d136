"""Who noted the files of a picture, so that nobody fills the store with what no listing shows."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

BY_MEMBERS = sa.text("noted_by IS NOT NULL")


def upgrade() -> None:
    op.add_column("picture_files", sa.Column("noted_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_picture_files_noted_by"), "picture_files", "members", ["noted_by"], ["id"], ondelete="SET NULL"
    )
    op.create_index("ix_picture_files_noted_by", "picture_files", ["noted_by"], postgresql_where=BY_MEMBERS)


def downgrade() -> None:
    op.drop_index("ix_picture_files_noted_by", table_name="picture_files", postgresql_where=BY_MEMBERS)
    op.drop_column("picture_files", "noted_by")
