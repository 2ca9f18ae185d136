"""Catalog, members, pictures and listings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "brands",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("ck_brands_slug_form")),
        sa.CheckConstraint("char_length(btrim(name)) BETWEEN 1 AND 50", name=op.f("ck_brands_name_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brands")),
        sa.UniqueConstraint("slug", name=op.f("uq_brands_slug")),
    )
    op.create_index("uq_brands_lower_name", "brands", [sa.literal_column("lower(name)")], unique=True)
    op.create_table(
        "colours",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hex", sa.Text(), nullable=True),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("code ~ '^[a-z][a-z0-9_]{0,29}$'", name=op.f("ck_colours_code_form")),
        sa.CheckConstraint("hex ~ '^#[0-9a-f]{6}$'", name=op.f("ck_colours_hex_form")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_colours")),
    )
    op.create_table(
        "materials",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("code ~ '^[a-z][a-z0-9_]{0,29}$'", name=op.f("ck_materials_code_form")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_materials")),
    )
    op.create_table(
        "pictures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("placeholder", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name ~ '^[0-9a-f]{32}$'", name=op.f("ck_pictures_name_form")),
        sa.CheckConstraint(
            "placeholder LIKE 'data:image/%' AND char_length(placeholder) <= 1000",
            name=op.f("ck_pictures_placeholder_form"),
        ),
        sa.CheckConstraint(
            "width BETWEEN 1 AND 20000 AND height BETWEEN 1 AND 20000", name=op.f("ck_pictures_dimensions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pictures")),
        sa.UniqueConstraint("name", name=op.f("uq_pictures_name")),
    )
    op.create_table(
        "size_systems",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("code ~ '^[a-z][a-z0-9_]{0,29}$'", name=op.f("ck_size_systems_code_form")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_size_systems")),
    )
    op.create_table(
        "categories",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("depth", sa.SmallInteger(), nullable=False),
        sa.Column("parent_depth", sa.SmallInteger(), sa.Computed("depth - 1", persisted=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("size_system", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "cardinality(string_to_array(path, '/')) = depth", name=op.f("ck_categories_path_has_a_slug_a_level")
        ),
        sa.CheckConstraint("path = slug OR path LIKE '%/' || slug", name=op.f("ck_categories_path_ends_in_slug")),
        sa.CheckConstraint(
            "slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND char_length(slug) <= 60", name=op.f("ck_categories_slug_form")
        ),
        sa.CheckConstraint("(depth = 1) = (department_id = id)", name=op.f("ck_categories_a_department_is_its_own")),
        sa.CheckConstraint(
            "(depth = 1) = (parent_id IS NULL)", name=op.f("ck_categories_only_departments_have_no_parent")
        ),
        sa.CheckConstraint("char_length(btrim(name)) BETWEEN 1 AND 60", name=op.f("ck_categories_name_length")),
        sa.CheckConstraint("depth BETWEEN 1 AND 3", name=op.f("ck_categories_depth")),
        sa.ForeignKeyConstraint(
            ["parent_id", "department_id", "parent_depth"],
            ["categories.id", "categories.department_id", "categories.depth"],
            name=op.f("fk_categories_parent_is_one_level_up"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["size_system"], ["size_systems.code"], name=op.f("fk_categories_size_system"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint("id", "department_id", "depth", name=op.f("uq_categories_place")),
        sa.UniqueConstraint("id", "parent_id", "department_id", name=op.f("uq_categories_lineage")),
        sa.UniqueConstraint(
            "parent_id", "name", name=op.f("uq_categories_parent_id_name"), postgresql_nulls_not_distinct=True
        ),
        sa.UniqueConstraint(
            "parent_id", "slug", name=op.f("uq_categories_parent_id_slug"), postgresql_nulls_not_distinct=True
        ),
        sa.UniqueConstraint("path", name=op.f("uq_categories_path")),
    )
    op.create_index("ix_categories_parent_id_position", "categories", ["parent_id", "position"], unique=False)
    op.create_table(
        "members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("bio", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("avatar_id", sa.Uuid(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("username ~ '^[a-zA-Z0-9_-]{3,20}$'", name=op.f("ck_members_username_form")),
        sa.CheckConstraint("char_length(bio) <= 500", name=op.f("ck_members_bio_length")),
        sa.CheckConstraint(
            "char_length(btrim(display_name)) BETWEEN 1 AND 50", name=op.f("ck_members_display_name_length")
        ),
        sa.CheckConstraint("char_length(place) <= 100", name=op.f("ck_members_place_length")),
        sa.ForeignKeyConstraint(["avatar_id"], ["pictures.id"], name=op.f("fk_members_avatar_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
    )
    op.create_index("uq_members_lower_username", "members", [sa.literal_column("lower(username)")], unique=True)
    op.create_table(
        "sizes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("char_length(btrim(label)) BETWEEN 1 AND 20", name=op.f("ck_sizes_label_length")),
        sa.ForeignKeyConstraint(["system"], ["size_systems.code"], name=op.f("fk_sizes_system"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sizes")),
        sa.UniqueConstraint("system", "label", name=op.f("uq_sizes_system_label")),
    )
    op.create_table(
        "listings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("brand_id", sa.Uuid(), nullable=True),
        sa.Column("size_id", sa.Uuid(), nullable=True),
        sa.Column("colour", sa.Text(), nullable=True),
        sa.Column("material", sa.Text(), nullable=True),
        sa.Column(
            "condition",
            sa.Enum("new_with_tags", "new_without_tags", "very_good", "good", "satisfactory", name="condition"),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum("draft", "available", "reserved", "sold", "removed", name="listing_status"),
            server_default="draft",
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sold_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'removed') = (removed_at IS NOT NULL)", name=op.f("ck_listings_removed_has_its_time")
        ),
        sa.CheckConstraint("(status = 'sold') = (sold_at IS NOT NULL)", name=op.f("ck_listings_sold_has_its_time")),
        sa.CheckConstraint(
            "CASE status WHEN 'draft' THEN published_at IS NULL"
            " WHEN 'removed' THEN true ELSE published_at IS NOT NULL END",
            name=op.f("ck_listings_published_once_public"),
        ),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_listings_currency_form")),
        sa.CheckConstraint(
            "category_id <> group_id AND group_id <> department_id", name=op.f("ck_listings_category_is_a_leaf")
        ),
        sa.CheckConstraint(
            "char_length(btrim(description)) >= 10 AND char_length(description) <= 2000",
            name=op.f("ck_listings_description_length"),
        ),
        sa.CheckConstraint(
            "char_length(btrim(title)) >= 3 AND char_length(title) <= 100", name=op.f("ck_listings_title_length")
        ),
        sa.CheckConstraint("price_minor BETWEEN 1 AND 99999999", name=op.f("ck_listings_price_range")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_listings_brand_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["category_id", "group_id", "department_id"],
            ["categories.id", "categories.parent_id", "categories.department_id"],
            name=op.f("fk_listings_category_is_a_leaf"),
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["colour"], ["colours.code"], name=op.f("fk_listings_colour"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["material"], ["materials.code"], name=op.f("fk_listings_material"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["seller_id"], ["members.id"], name=op.f("fk_listings_seller_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["size_id"], ["sizes.id"], name=op.f("fk_listings_size_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listings")),
    )
    op.create_index(
        "ix_listings_for_sale_all_newest",
        "listings",
        ["published_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'available'"),
    )
    op.create_index(
        "ix_listings_for_sale_all_price",
        "listings",
        ["price_minor", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'available'"),
    )
    op.create_index(
        "ix_listings_for_sale_category_newest",
        "listings",
        ["category_id", "published_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'available'"),
    )
    op.create_index(
        "ix_listings_for_sale_category_price",
        "listings",
        ["category_id", "price_minor", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'available'"),
    )
    op.create_index(
        "ix_listings_for_sale_department_newest",
        "listings",
        ["department_id", "published_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'available'"),
    )
    op.create_index(
        "ix_listings_for_sale_department_price",
        "listings",
        ["department_id", "price_minor", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'available'"),
    )
    op.create_index(
        "ix_listings_for_sale_group_newest",
        "listings",
        ["group_id", "published_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'available'"),
    )
    op.create_index(
        "ix_listings_for_sale_group_price",
        "listings",
        ["group_id", "price_minor", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'available'"),
    )
    op.create_index(
        "ix_listings_seller_id_status_created_at", "listings", ["seller_id", "status", "created_at"], unique=False
    )
    op.create_table(
        "listing_pictures",
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("picture_id", sa.Uuid(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.CheckConstraint("char_length(alt) <= 100", name=op.f("ck_listing_pictures_alt_length")),
        sa.CheckConstraint("position BETWEEN 1 AND 10", name=op.f("ck_listing_pictures_position_range")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_listing_pictures_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["pictures.id"], name=op.f("fk_listing_pictures_picture_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("listing_id", "position", name=op.f("pk_listing_pictures")),
        sa.UniqueConstraint("listing_id", "picture_id", name=op.f("uq_listing_pictures_listing_id_picture_id")),
    )


def downgrade() -> None:
    op.drop_table("listing_pictures")
    op.drop_index("ix_listings_seller_id_status_created_at", table_name="listings")
    op.drop_index(
        "ix_listings_for_sale_group_price", table_name="listings", postgresql_where=sa.text("status = 'available'")
    )
    op.drop_index(
        "ix_listings_for_sale_group_newest", table_name="listings", postgresql_where=sa.text("status = 'available'")
    )
    op.drop_index(
        "ix_listings_for_sale_department_price", table_name="listings", postgresql_where=sa.text("status = 'available'")
    )
    op.drop_index(
        "ix_listings_for_sale_department_newest",
        table_name="listings",
        postgresql_where=sa.text("status = 'available'"),
    )
    op.drop_index(
        "ix_listings_for_sale_category_price", table_name="listings", postgresql_where=sa.text("status = 'available'")
    )
    op.drop_index(
        "ix_listings_for_sale_category_newest", table_name="listings", postgresql_where=sa.text("status = 'available'")
    )
    op.drop_index(
        "ix_listings_for_sale_all_price", table_name="listings", postgresql_where=sa.text("status = 'available'")
    )
    op.drop_index(
        "ix_listings_for_sale_all_newest", table_name="listings", postgresql_where=sa.text("status = 'available'")
    )
    op.drop_table("listings")
    op.drop_table("sizes")
    op.drop_index("uq_members_lower_username", table_name="members")
    op.drop_table("members")
    op.drop_index("ix_categories_parent_id_position", table_name="categories")
    op.drop_table("categories")
    op.drop_table("size_systems")
    op.drop_table("pictures")
    op.drop_table("materials")
    op.drop_table("colours")
    op.drop_index("uq_brands_lower_name", table_name="brands")
    op.drop_table("brands")
    op.execute("DROP TYPE listing_status")
    op.execute("DROP TYPE condition")
