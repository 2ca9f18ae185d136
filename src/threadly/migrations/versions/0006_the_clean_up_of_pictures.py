"""What the clean-up of pictures goes by: who shows a picture, and since when files are being removed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ACCEPTED = {"column-drops": "No release has read it."}


def upgrade() -> None:
    op.drop_index("ix_picture_files_noted_at", table_name="picture_files")
    op.drop_column("picture_files", "leaving")
    op.add_column("picture_files", sa.Column("leaving_since", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_picture_files_leaving_since",
        "picture_files",
        ["leaving_since"],
        postgresql_where=sa.text("leaving_since IS NOT NULL"),
    )
    op.create_index("ix_listing_pictures_picture_id", "listing_pictures", ["picture_id"])
    op.create_index("ix_members_avatar_id", "members", ["avatar_id"], postgresql_where=sa.text("avatar_id IS NOT NULL"))


def downgrade() -> None:
    op.drop_index("ix_members_avatar_id", table_name="members", postgresql_where=sa.text("avatar_id IS NOT NULL"))
    op.drop_index("ix_listing_pictures_picture_id", table_name="listing_pictures")
    op.drop_column("picture_files", "leaving_since")
    op.add_column("picture_files", sa.Column("leaving", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index("ix_picture_files_noted_at", "picture_files", ["noted_at"])
