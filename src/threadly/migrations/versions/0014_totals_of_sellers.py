"""What a seller has, in figures: kept by the database with each change of a listing, so that nobody counts."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

ACCEPTED = {
    "trigger-locks": "What is counted must not change meanwhile: those who write listings wait a second or two for each"
    " million, those who read do not."
}
REGAINED = {"seller_totals": "The upgrade counts them, and the database from then on."}

# By statement, so that a seller's row is changed once however many listings are; in one order, so that two never
# deadlock. What changes no figure touches no row.
MOVED = """
INSERT INTO seller_totals AS kept (seller_id, drafts, available, reserved, sold, removed, hearts)
SELECT * FROM (
    SELECT seller_id,
           coalesce(sum(sign) FILTER (WHERE status = 'draft'), 0) AS drafts,
           coalesce(sum(sign) FILTER (WHERE status = 'available'), 0) AS available,
           coalesce(sum(sign) FILTER (WHERE status = 'reserved'), 0) AS reserved,
           coalesce(sum(sign) FILTER (WHERE status = 'sold'), 0) AS sold,
           coalesce(sum(sign) FILTER (WHERE status = 'removed'), 0) AS removed,
           coalesce(sum(sign * favourites) FILTER (WHERE status IN ('available', 'reserved', 'sold')), 0) AS hearts
    FROM ({moved}) AS moved
    GROUP BY seller_id) AS summed
WHERE (drafts, available, reserved, sold, removed, hearts) <> (0, 0, 0, 0, 0, 0)
ORDER BY seller_id
ON CONFLICT (seller_id) DO UPDATE SET
    drafts = kept.drafts + excluded.drafts,
    available = kept.available + excluded.available,
    reserved = kept.reserved + excluded.reserved,
    sold = kept.sold + excluded.sold,
    removed = kept.removed + excluded.removed,
    hearts = kept.hearts + excluded.hearts
"""
AFTER = "SELECT seller_id, status, favourites, 1 AS sign FROM {}"
BEFORE = "SELECT seller_id, status, favourites, -1 AS sign FROM {}"
EVENTS = {
    "insert": (AFTER.format("after"), "NEW TABLE AS after"),
    "delete": (BEFORE.format("before"), "OLD TABLE AS before"),
    "update": (
        f"{AFTER.format('after')} UNION ALL {BEFORE.format('before')}",
        "OLD TABLE AS before NEW TABLE AS after",
    ),
}


def upgrade() -> None:
    figures = ("drafts", "available", "reserved", "sold", "removed", "hearts", "views")
    op.create_table(
        "seller_totals",
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), server_default="0", nullable=False) for name in figures),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["members.id"], name=op.f("fk_seller_totals_seller_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seller_id", name=op.f("pk_seller_totals")),
    )
    for event, (moved, tables) in EVENTS.items():
        op.execute(
            f"CREATE FUNCTION total_listings_after_{event}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {MOVED.format(moved=moved)}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER listings_are_totalled_after_{event} AFTER {event.upper()} ON listings"
            f" REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION total_listings_after_{event}()"
        )
    op.execute(MOVED.format(moved=AFTER.format("listings")))


def downgrade() -> None:
    for event in EVENTS:
        op.execute(f"DROP TRIGGER listings_are_totalled_after_{event} ON listings")
        op.execute(f"DROP FUNCTION total_listings_after_{event}()")
    op.drop_table("seller_totals")
