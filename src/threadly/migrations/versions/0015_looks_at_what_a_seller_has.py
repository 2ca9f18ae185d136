"""How often all that a seller has was looked at, beside their other figures."""

from alembic import op

revision = "0015"
down_revision = "0014"

ACCEPTED = {
    "trigger-locks": "What is counted must not change meanwhile: looks wait in memory for a second or so for each"
    " million, no page does."
}
REGAINED = {"seller_totals.views": "The upgrade sums them up, and the database from then on."}
LOOKED = """
INSERT INTO seller_totals AS kept (seller_id, views)
SELECT l.seller_id, sum(looked.views) FROM ({looked}) AS looked JOIN listings l ON l.id = looked.listing_id
GROUP BY l.seller_id ORDER BY l.seller_id
ON CONFLICT (seller_id) DO UPDATE SET views = kept.views + excluded.views
"""
EVENTS = {
    "insert": ("SELECT listing_id, views FROM after", "NEW TABLE AS after"),
    "update": (
        "SELECT listing_id, views FROM after UNION ALL SELECT listing_id, -views FROM before",
        "OLD TABLE AS before NEW TABLE AS after",
    ),
}


def upgrade() -> None:
    for event, (looked, tables) in EVENTS.items():
        op.execute(
            f"CREATE FUNCTION total_looks_after_{event}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {LOOKED.format(looked=looked)}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER looks_are_totalled_after_{event} AFTER {event.upper()} ON listing_view_counts"
            f" REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION total_looks_after_{event}()"
        )
    op.execute(LOOKED.format(looked="SELECT listing_id, views FROM listing_view_counts"))


def downgrade() -> None:
    for event in EVENTS:
        op.execute(f"DROP TRIGGER looks_are_totalled_after_{event} ON listing_view_counts")
        op.execute(f"DROP FUNCTION total_looks_after_{event}()")
    op.execute("UPDATE seller_totals SET views = 0 WHERE views <> 0")
