"""Who uploaded which picture, what the store may hold, and which pictures nobody uses."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NAME_FORM = "name ~ '^[0-9a-f]{32}$'"


def upgrade() -> None:
    op.create_table(
        "picture_files",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("leaving", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(NAME_FORM, name=op.f("ck_picture_files_name_form")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_picture_files")),
    )
    op.create_index("ix_picture_files_noted_at", "picture_files", ["noted_at"])
    op.create_table(
        "picture_uploads",
        sa.Column("picture_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_picture_uploads_member_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["pictures.id"], name=op.f("fk_picture_uploads_picture_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("picture_id", "member_id", name=op.f("pk_picture_uploads")),
    )
    op.create_index("ix_picture_uploads_member_id", "picture_uploads", ["member_id"])
    op.add_column(
        "pictures",
        sa.Column("unused_since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=True),
    )
    op.create_index(
        "ix_pictures_unused_since",
        "pictures",
        ["unused_since"],
        postgresql_where=sa.text("unused_since IS NOT NULL"),
    )
    op.execute("INSERT INTO picture_files (name) SELECT name FROM pictures")


def downgrade() -> None:
    op.drop_index(
        "ix_pictures_unused_since", table_name="pictures", postgresql_where=sa.text("unused_since IS NOT NULL")
    )
    op.drop_column("pictures", "unused_since")
    op.drop_table("picture_uploads")
    op.drop_table("picture_files")
