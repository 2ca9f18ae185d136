"""Search: documents of listings, how often they are loved, terms for spelling and suggestions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

REGAINED = {"listings.document": "The upgrade writes it for every listing, and its trigger from then on."}

SCOPES = ("all", "department", "group", "category")
FOR_SALE = sa.text("status = 'available'")
SAMPLED = sa.text("status = 'available' AND get_byte(uuid_send(id), 15) < 4")
WORDS = "asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart"

# Apostrophes go, so that Levi's is levis; what else ties words together parts them, or PostgreSQL's parser would see
# the names of hosts (s.oliver) and files (black/white). Several `replace` take a third of the time of one `translate`.
PLAIN = """
CREATE FUNCTION search_plain(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(written,
        '''', ''), '’', ''), '-', ' '), '/', ' '), '.', ' '), '_', ' '), '&', ' '), '<', ' '), '@', ' '), '+', ' ')
"""

DOCUMENT = """
CREATE FUNCTION listing_document(
    title text, description text, brand uuid, category uuid, class uuid, department uuid, size uuid, colour text,
    material text
) RETURNS tsvector LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    maker text;
    place text;
    looks text;
BEGIN
    SELECT
        coalesce((SELECT name FROM brands WHERE id = brand), ''),
        concat_ws(' ', (SELECT name FROM categories WHERE id = category),
                       (SELECT name FROM categories WHERE id = class),
                       (SELECT name FROM categories WHERE id = department)),
        concat_ws(' ', (SELECT name FROM colours WHERE code = colour),
                       (SELECT name FROM materials WHERE code = material),
                       (SELECT label FROM sizes WHERE id = size))
    INTO maker, place, looks;
    RETURN setweight(
            to_tsvector('threadly', search_plain(title || ' ' || maker))
            || to_tsvector('threadly_exact', search_plain(maker) || ' ' || translate(maker, ' &-.''’', '')), 'A')
        || setweight(to_tsvector('threadly', search_plain(place)), 'B')
        || setweight(to_tsvector('threadly', search_plain(looks)), 'C')
        || to_tsvector('threadly', search_plain(description));
END $$
"""

WRITTEN = """
CREATE FUNCTION write_listing_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.document := listing_document(NEW.title, NEW.description, NEW.brand_id, NEW.category_id, NEW.group_id,
                                     NEW.department_id, NEW.size_id, NEW.colour, NEW.material);
    RETURN NEW;
END $$
"""

# Where the language takes every word for one that says nothing ("only"), names are still compared to the letter.
# One expression, and IMMUTABLE as `to_tsquery` of a named configuration is: so PostgreSQL knows what a text means, and
# how many listings have such words, when it plans a statement.
QUERY = """
CREATE FUNCTION search_query(asked text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE WHEN numnode(to_tsquery('threadly', asked)) > 0 THEN to_tsquery('threadly', asked)
         ELSE to_tsquery('threadly_exact', asked) END
"""

LANGUAGE = """
CREATE FUNCTION search_in_language(language text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    wanted text := coalesce((SELECT dictname FROM pg_ts_dict WHERE dictname = language || '_stem'), 'simple');
    found text := (
        SELECT d.dictname FROM pg_ts_config_map m JOIN pg_ts_dict d ON d.oid = m.mapdict
        WHERE m.mapcfg = 'threadly'::regconfig ORDER BY m.maptokentype, m.mapseqno DESC LIMIT 1);
BEGIN
    IF wanted = found THEN
        RETURN false;
    END IF;
    EXECUTE format(
        'ALTER TEXT SEARCH CONFIGURATION threadly ALTER MAPPING FOR asciiword, word, numword, asciihword, hword,'
        ' numhword, hword_asciipart, hword_part, hword_numpart WITH unaccent, %I', wanted);
    RETURN true;
END $$
"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for name, dictionary in (("threadly", "english_stem"), ("threadly_exact", "simple")):
        op.execute(f"CREATE TEXT SEARCH CONFIGURATION {name} (COPY = simple)")
        op.execute(f"ALTER TEXT SEARCH CONFIGURATION {name} ALTER MAPPING FOR {WORDS} WITH unaccent, {dictionary}")
    for function in (PLAIN, DOCUMENT, WRITTEN, QUERY, LANGUAGE):
        op.execute(function)

    op.add_column("listings", sa.Column("favourites", sa.BigInteger(), server_default="0", nullable=False))
    op.create_check_constraint(op.f("ck_listings_favourites_are_counted"), "listings", "favourites >= 0")
    op.add_column("listings", sa.Column("document", postgresql.TSVECTOR(), nullable=True))
    op.execute(
        "UPDATE listings SET document = listing_document("
        "title, description, brand_id, category_id, group_id, department_id, size_id, colour, material)"
    )
    op.alter_column("listings", "document", nullable=False)
    op.execute(
        "CREATE TRIGGER listings_write_their_document BEFORE INSERT OR UPDATE OF title, description, brand_id,"
        " category_id, group_id, department_id, size_id, colour, material ON listings"
        " FOR EACH ROW EXECUTE FUNCTION write_listing_document()"
    )
    for scope in SCOPES:
        columns = [] if scope == "all" else [f"{scope}_id"]
        op.create_index(
            f"ix_listings_for_sale_{scope}_loved",
            "listings",
            [*columns, "favourites", "id"],
            postgresql_where=FOR_SALE,
        )
    for column in ("brand_id", "size_id", "colour", "condition"):
        op.create_index(
            f"ix_listings_for_sale_{column.removesuffix('_id')}",
            "listings",
            [column, "published_at", "id"],
            postgresql_where=FOR_SALE,
        )
    # Without a list of what is pending, which every search would have to look through.
    for name, where in (("for_sale", FOR_SALE), ("sampled", SAMPLED)):
        op.create_index(
            f"ix_listings_{name}_document",
            "listings",
            ["document"],
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
            postgresql_where=where,
        )
    op.create_index(
        "ix_listings_sampled",
        "listings",
        ["department_id", "group_id", "category_id", "brand_id", "size_id", "colour", "condition", "price_minor"],
        postgresql_where=SAMPLED,
    )

    op.create_table(
        "search_terms",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("listings", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('brand', 'category', 'word')", name=op.f("ck_search_terms_kind")),
        sa.PrimaryKeyConstraint("kind", "term", "target", name=op.f("pk_search_terms")),
    )
    op.create_index(
        "ix_search_terms_term",
        "search_terms",
        ["term"],
        postgresql_using="gin",
        postgresql_ops={"term": "gin_trgm_ops"},
        postgresql_with={"fastupdate": "off"},
    )
    op.create_index("ix_search_terms_begin", "search_terms", ["term"], postgresql_ops={"term": "text_pattern_ops"})


def downgrade() -> None:
    op.drop_table("search_terms")
    op.execute("DROP TRIGGER listings_write_their_document ON listings")
    for name in ("sampled", "sampled_document", "for_sale_document"):
        op.drop_index(f"ix_listings_{name}", table_name="listings")
    for name in ("condition", "colour", "size", "brand"):
        op.drop_index(f"ix_listings_for_sale_{name}", table_name="listings")
    for scope in SCOPES:
        op.drop_index(f"ix_listings_for_sale_{scope}_loved", table_name="listings")
    op.drop_column("listings", "document")
    op.drop_column("listings", "favourites")
    op.execute("DROP FUNCTION search_in_language(text)")
    op.execute("DROP FUNCTION search_query(text)")
    op.execute("DROP FUNCTION write_listing_document()")
    op.execute("DROP FUNCTION listing_document(text, text, uuid, uuid, uuid, uuid, uuid, text, text)")
    op.execute("DROP FUNCTION search_plain(text)")
    for name in ("threadly", "threadly_exact"):
        op.execute(f"DROP TEXT SEARCH CONFIGURATION {name}")
    op.execute("DROP EXTENSION pg_trgm")
    op.execute("DROP EXTENSION unaccent")
