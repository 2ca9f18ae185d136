"""What must not be in the tables cannot be put there, not even by hand: each rule is broken once with raw SQL.

Every statement here starts from a whole shop and must be refused by exactly the constraint that it names.
"""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.making import a_brand, a_category, a_listing
from threadly.core.database import Database

TABLES = [
    "categories", "brands", "size_systems", "sizes", "colours", "materials",
    "members", "credentials", "pictures", "picture_files", "picture_uploads", "listings", "listing_pictures",
    "search_terms", "listing_prices", "listing_views", "listing_view_counts", "favourites", "trending",
]  # fmt: skip

A_CATEGORY = "insert into categories (id, parent_id, department_id, depth, name, slug, path, position)"
A_BRAND = "insert into listings (id, seller_id, currency, created_at, updated_at, brand_name)"
A_COPY = "insert into listings (id, seller_id, currency, created_at, updated_at, copy_of)"
OFFERED = (
    "seller_id, status, department_id, group_id, category_id, condition, title, description, price_minor, currency,"
    " published_at"
)
A_PIECE = f"insert into listings (id, {OFFERED}, created_at, updated_at, piece_id)"
A_PRICE = "insert into listing_prices (listing_id, price_minor, currency, at)"
ANOTHER = "gen_random_uuid()"
ANOTHER_MEMBER = (
    "with another as (insert into members (id, username, display_name, joined_at)"
    " values (gen_random_uuid(), 'another', 'X', now()) returning id)"
)
DRESSES = "(select id from categories where path = 'women/clothing/dresses')"
CLOTHING = "(select id from categories where path = 'women/clothing')"
WOMEN = "(select id from categories where path = 'women')"
MEN = "(select id from categories where path = 'men')"

BROKEN: list[tuple[str, str]] = [
    # The tree
    ("ck_categories_depth", f"{A_CATEGORY} values ({ANOTHER}, {DRESSES}, {WOMEN}, 4, 'X', 'x', 'a/b/c/x', 1)"),
    ("ck_categories_depth", f"{A_CATEGORY} values ({ANOTHER}, {WOMEN}, {WOMEN}, 0, 'X', 'x', 'x', 1)"),
    (
        "ck_categories_only_departments_have_no_parent",
        f"{A_CATEGORY} values ({ANOTHER}, null, {WOMEN}, 2, 'X', 'x', 'a/x', 1)",
    ),
    ("ck_categories_a_department_is_its_own", f"{A_CATEGORY} values ({ANOTHER}, null, {WOMEN}, 1, 'X', 'x', 'x', 1)"),
    (
        "fk_categories_parent_is_one_level_up",
        f"{A_CATEGORY} values ({ANOTHER}, {WOMEN}, {MEN}, 2, 'X', 'x', 'women/x', 1)",
    ),
    (
        "fk_categories_parent_is_one_level_up",
        f"{A_CATEGORY} values ({ANOTHER}, {WOMEN}, {WOMEN}, 3, 'X', 'x', 'a/b/x', 1)",
    ),
    (
        "fk_categories_parent_is_one_level_up",
        f"{A_CATEGORY} values ({ANOTHER}, {ANOTHER}, {WOMEN}, 2, 'X', 'x', 'a/x', 1)",
    ),
    ("fk_categories_parent_is_one_level_up", "update categories set parent_id = id where path = 'women/clothing'"),
    ("fk_categories_parent_is_one_level_up", "delete from categories where path = 'women/clothing'"),
    ("ck_categories_name_length", "update categories set name = '  ' where path = 'men'"),
    ("ck_categories_name_length", "update categories set name = repeat('x', 61) where path = 'men'"),
    ("ck_categories_slug_form", "update categories set slug = 'Men', path = 'Men' where path = 'men'"),
    ("ck_categories_slug_form", "update categories set slug = 'a--b', path = 'a--b' where path = 'men'"),
    ("ck_categories_path_ends_in_slug", "update categories set path = 'boys' where path = 'men'"),
    ("ck_categories_path_has_a_slug_a_level", "update categories set path = 'x/men' where path = 'men'"),
    ("uq_categories_path", f"{A_CATEGORY} values ({ANOTHER}, {MEN}, {MEN}, 2, 'X', 'clothing', 'women/clothing', 1)"),
    ("uq_categories_parent_id_name", "update categories set name = 'Women' where path = 'men'"),
    (
        "uq_categories_parent_id_slug",
        f"{A_CATEGORY} values ({ANOTHER}, {WOMEN}, {WOMEN}, 2, 'X', 'clothing', 'other/clothing', 1)",
    ),
    ("fk_categories_size_system", "update categories set size_system = 'parsecs' where path = 'men'"),
    # Brands, sizes, colours, materials
    ("ck_brands_name_length", "update brands set name = ''"),
    ("ck_brands_name_length", "update brands set name = repeat('x', 51)"),
    ("ck_brands_slug_form", "update brands set slug = 'a b'"),
    ("uq_brands_slug", "insert into brands select gen_random_uuid(), 'Other', slug from brands"),
    ("uq_brands_lower_name", "insert into brands select gen_random_uuid(), upper(name), 'other' from brands"),
    ("ck_size_systems_code_form", "update size_systems set code = 'EU'"),
    ("ck_sizes_label_length", "update sizes set label = ' '"),
    ("ck_sizes_label_length", "update sizes set label = repeat('x', 21)"),
    ("uq_sizes_system_label", "insert into sizes select gen_random_uuid(), system, label, 2 from sizes"),
    ("fk_sizes_system", "update sizes set system = 'parsecs'"),
    ("ck_colours_code_form", "update colours set code = 'Dark Red'"),
    ("ck_colours_hex_form", "update colours set hex = 'red'"),
    ("ck_materials_code_form", "update materials set code = ''"),
    # Members
    ("ck_members_username_form", "update members set username = 'ab'"),
    ("ck_members_username_form", "update members set username = 'имя-имя'"),
    ("ck_members_username_form", "update members set username = repeat('a', 21)"),
    ("ck_members_display_name_length", "update members set display_name = ' '"),
    ("ck_members_bio_length", "update members set bio = repeat('я', 501)"),
    ("ck_members_place_length", "update members set place = repeat('я', 101)"),
    (
        "uq_members_lower_username",
        "insert into members select gen_random_uuid(), upper(username), 'X', '', '', null, now() from members",
    ),
    ("fk_members_avatar_id", f"update members set avatar_id = {ANOTHER}"),
    ("ck_credentials_email_form", "update credentials set email = 'nobody'"),
    ("ck_credentials_email_form", "update credentials set email = 'a b@shop.example'"),
    ("ck_credentials_email_length", "update credentials set email = repeat('x', 250) || '@x.bg'"),
    ("ck_credentials_password_hash_form", "update credentials set password_hash = 'swordfish'"),
    ("fk_credentials_member_id", f"update credentials set member_id = {ANOTHER}"),
    (
        "uq_credentials_lower_email_confirmed",
        (
            f"{ANOTHER_MEMBER} insert into credentials"
            " select another.id, upper(email), now(), '$argon2id$', now(), now() from credentials, another"
        ),
    ),
    # Pictures
    ("ck_pictures_name_form", "update pictures set name = '../../etc/passwd'"),
    ("ck_pictures_dimensions", "update pictures set width = 0"),
    ("ck_pictures_dimensions", "update pictures set height = 20001"),
    ("ck_pictures_placeholder_form", "update pictures set placeholder = 'javascript:alert(1)'"),
    ("ck_pictures_placeholder_form", "update pictures set placeholder = 'data:image/' || repeat('x', 1000)"),
    ("uq_pictures_name", "insert into pictures select gen_random_uuid(), name, 1, 1, placeholder, now() from pictures"),
    ("ck_picture_files_name_form", "insert into picture_files (name) values (repeat('A', 32))"),
    ("fk_picture_files_noted_by", f"update picture_files set noted_by = {ANOTHER}"),
    ("fk_picture_uploads_picture_id", f"update picture_uploads set picture_id = {ANOTHER}"),
    ("fk_picture_uploads_member_id", f"update picture_uploads set member_id = {ANOTHER}"),
    # Listings
    ("fk_listings_seller_id", f"update listings set seller_id = {ANOTHER}"),
    ("fk_listings_seller_id", "delete from members"),
    ("fk_listings_category_is_a_leaf", f"update listings set department_id = {MEN}"),
    ("fk_listings_category_is_a_leaf", f"update listings set group_id = {ANOTHER}"),
    ("fk_listings_category_is_a_leaf", "delete from categories where path = 'women/clothing/dresses'"),
    ("ck_listings_category_is_a_leaf", f"update listings set category_id = {CLOTHING}, group_id = {WOMEN}"),
    ("fk_listings_brand_id", "delete from brands"),
    ("fk_listings_brand_id", f"update listings set brand_id = {ANOTHER}"),
    ("fk_listings_size_id", "delete from sizes"),
    ("fk_listings_colour", "delete from colours"),
    ("fk_listings_material", "delete from materials"),
    (
        "ck_listings_category_has_its_lineage",
        "update listings set published_at = null, status = 'draft', group_id = null",
    ),
    ("ck_listings_whole_once_public", "update listings set condition = null"),
    ("ck_listings_whole_once_public", "update listings set price_minor = null"),
    (
        "ck_listings_whole_once_public",
        "update listings set category_id = null, group_id = null, department_id = null",
    ),
    ("ck_listings_version_counts", "update listings set version = 0"),
    ("ck_listings_only_drafts_are_copies", "update listings set copy_of = id"),
    ("fk_listings_copy_of", f"update listings set status = 'draft', published_at = null, copy_of = {ANOTHER}"),
    (
        "uq_listings_copy_of",
        f"{A_COPY} select {ANOTHER}, seller_id, 'EUR', now(), now(), id from listings, generate_series(1, 2)",
    ),
    (
        "uq_listings_piece_id",
        f"{A_PIECE} select {ANOTHER}, {OFFERED}, now(), now(), id from listings, generate_series(1, 2)",
    ),
    (
        "ck_listings_brand_name_length",
        f"{A_BRAND} select {ANOTHER}, seller_id, 'EUR', now(), now(), repeat('x', 51) from listings",
    ),
    ("ck_listings_brand_name_waits", "update listings set brand_name = 'Arket'"),
    ("ck_listings_title_length", "update listings set title = ' ab '"),
    ("ck_listings_title_length", "update listings set title = repeat('я', 101)"),
    ("ck_listings_description_length", "update listings set description = '123456789 '"),
    ("ck_listings_description_length", "update listings set description = repeat('x', 2001)"),
    ("ck_search_terms_kind", "insert into search_terms values ('member', 'mila', 'mila', 'Mila', 1)"),
    ("ck_listings_price_range", "update listings set price_minor = 0"),
    ("ck_listings_price_range", "update listings set price_minor = 100000000"),
    ("ck_listings_favourites_are_counted", "update listings set favourites = -1"),
    ("ck_listings_currency_form", "update listings set currency = 'eur'"),
    ("ck_listings_published_once_public", "update listings set published_at = null"),
    ("ck_listings_published_once_public", "update listings set status = 'draft'"),
    ("ck_listings_sold_has_its_time", "update listings set status = 'sold'"),
    ("ck_listings_sold_has_its_time", "update listings set sold_at = now()"),
    ("ck_listings_removed_has_its_time", "update listings set status = 'removed'"),
    ("ck_listings_removed_has_its_time", "update listings set removed_at = now()"),
    # Pictures of listings
    ("ck_listing_pictures_position_range", "update listing_pictures set position = 0"),
    ("ck_listing_pictures_position_range", "update listing_pictures set position = 11"),
    ("ck_listing_pictures_alt_length", "update listing_pictures set alt = repeat('x', 101)"),
    (
        "pk_listing_pictures",
        "insert into listing_pictures select listing_id, position, picture_id, alt from listing_pictures",
    ),
    (
        "uq_listing_pictures_listing_id_picture_id",
        "insert into listing_pictures select listing_id, 2, picture_id, alt from listing_pictures",
    ),
    ("fk_listing_pictures_picture_id", "delete from pictures"),
    ("fk_listing_pictures_listing_id", f"update listing_pictures set listing_id = {ANOTHER}"),
    # Prices and views
    ("ck_listing_prices_price_range", f"{A_PRICE} select id, 0, 'EUR', now() from listings"),
    ("ck_listing_prices_currency_form", f"{A_PRICE} select id, 1, 'eur', now() from listings"),
    ("fk_listing_prices_listing_id", f"{A_PRICE} values ({ANOTHER}, 1, 'EUR', now())"),
    ("fk_listing_prices_listing_id", "delete from listings"),
    ("ck_listing_views_visitor_length", "insert into listing_views select id, '', now() from listings"),
    ("fk_listing_views_listing_id", f"insert into listing_views values ({ANOTHER}, repeat('x', 16)::bytea, now())"),
    ("ck_listing_view_counts_views_are_counted", "insert into listing_view_counts select id, 0 from listings"),
    ("fk_listing_view_counts_listing_id", f"insert into listing_view_counts values ({ANOTHER}, 1)"),
    # Hearts
    ("fk_favourites_member_id", f"update favourites set member_id = {ANOTHER}"),
    ("fk_favourites_listing_id", f"update favourites set listing_id = {ANOTHER}"),
    ("fk_trending_listing_id", f"update trending set listing_id = {ANOTHER}"),
    ("ck_trending_score_is_positive", "update trending set score = 0"),
]

# Primary keys of ids that nobody chooses, and keys that others point at: nothing to break that is not broken above.
KEPT_BY_OTHERS = {"uq_categories_place", "uq_categories_lineage"}


@pytest.fixture
async def shop(db: Database, owner_url: str) -> AsyncIterator[asyncpg.Connection]:
    """One of everything, and a raw connection to break it with."""
    brand = await a_brand(db, "Levi's")
    await a_category(db, "men")
    connection = await asyncpg.connect(owner_url)
    await connection.execute("insert into size_systems values ('eu', 'EU', 1)")
    await connection.execute("insert into sizes values (gen_random_uuid(), 'eu', '38', 1)")
    await connection.execute("insert into colours values ('red', 'Red', '#ff0000', 1)")
    await connection.execute("insert into materials values ('linen', 'Linen', 1)")
    await a_listing(db, brand_id=brand.id, colour="red", material="linen")
    await connection.execute(
        "insert into credentials select id, 'mila@shop.example', now(), '$argon2id$', now(), now() from members"
    )
    await connection.execute("update listings set size_id = (select id from sizes)")
    await connection.execute("insert into picture_files (name) select name from pictures")
    await connection.execute("insert into picture_uploads select pictures.id, members.id from pictures, members")
    await connection.execute(f"{A_PRICE} select id, price_minor, currency, now() from listings")
    await connection.execute("insert into favourites select seller_id, id, now() from listings")
    await connection.execute("insert into trending select id, 1 from listings")
    yield connection
    await connection.close()


async def test_each_rule_is_held_by_its_own_constraint(shop: asyncpg.Connection) -> None:
    contents = await _contents(shop)

    refused_by = []
    for _, statement in BROKEN:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refusal:
            await shop.execute(statement)
        refused_by.append((refusal.value.constraint_name, statement))

    assert refused_by == BROKEN
    assert await _contents(shop) == contents


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        ("condition", "update listings set condition = 'pristine'"),
        ("listing_status", "update listings set status = 'stolen'"),
        ("not null", "update listings set title = null"),
        ("not null", "update members set bio = null"),
        ("generated", "update categories set parent_depth = 7"),
    ],
)
async def test_a_value_outside_its_type_is_refused(shop: asyncpg.Connection, kind: str, statement: str) -> None:
    contents = await _contents(shop)

    with pytest.raises(asyncpg.PostgresError, match=kind.replace("not null", "not-null")):
        await shop.execute(statement)

    assert await _contents(shop) == contents


async def test_a_category_that_moves_takes_its_listings_along(shop: asyncpg.Connection) -> None:
    await shop.execute(f"{A_CATEGORY} values ({ANOTHER}, {MEN}, {MEN}, 2, 'Clothing', 'clothing', 'men/clothing', 1)")
    await shop.execute(
        f"update categories set parent_id = (select id from categories where path = 'men/clothing'), "
        f"department_id = {MEN}, path = 'men/clothing/dresses' where path = 'women/clothing/dresses'"
    )

    placed = await shop.fetchval(
        "select count(*) from listings join categories using (department_id) where categories.path = 'men'"
    )
    assert placed == 1


async def test_the_same_name_may_stand_under_two_parents(db: Database) -> None:
    women, men = await a_category(db, "women/shoes/boots"), await a_category(db, "men/shoes/boots")

    assert women.name == men.name
    assert women.id != men.id


async def test_a_removed_listing_takes_its_pictures_links_along_and_leaves_the_pictures(
    shop: asyncpg.Connection,
) -> None:
    await shop.execute("alter table listing_prices disable trigger user")
    await shop.execute("delete from listing_prices")
    await shop.execute("delete from listings")

    assert await shop.fetchval("select count(*) from listing_pictures") == 0
    assert await shop.fetchval("select count(*) from pictures") == 1


async def test_every_constraint_has_been_tried(shop: asyncpg.Connection) -> None:
    rows = await shop.fetch(
        "select conname from pg_constraint where contype in ('c', 'f', 'u') and conrelid::regclass::text = any($1)"
        " union select indexrelid::regclass::text from pg_index where indisunique and not indisprimary"
        " and indrelid::regclass::text = any($1)",
        TABLES,
    )
    untried = {row[0] for row in rows} - {name for name, _ in BROKEN} - KEPT_BY_OTHERS

    assert untried == set()


async def _contents(connection: asyncpg.Connection) -> list[list[asyncpg.Record]]:
    return [await connection.fetch(f"select * from {table} order by 1") for table in TABLES]
