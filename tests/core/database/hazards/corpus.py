"""Migrations that hurt and migrations that do not, as somebody would write them; each by what it is about."""

from collections.abc import Mapping
from typing import Final

UNSAFE: Final[Mapping[str, tuple[str, str]]] = {
    "an index of a table in use": ("CREATE INDEX by_title ON listings (title);", "index-blocks"),
    "an index that goes": ("DROP INDEX by_title;", "index-drops"),
    "an index that is built anew": ("REINDEX TABLE listings;", "reindex-blocks"),
    "a column with a value of its own in each row": (
        "ALTER TABLE listings ADD COLUMN token uuid DEFAULT gen_random_uuid();",
        "column-rewrites",
    ),
    "a column that must have a value": (
        "ALTER TABLE listings ADD COLUMN stock integer NOT NULL;",
        "column-without-value",
    ),
    "another type": ("ALTER TABLE listings ALTER COLUMN price_minor TYPE numeric(12, 2);", "column-type"),
    "a column that may no longer be empty": (
        "ALTER TABLE listings ALTER COLUMN brand_id SET NOT NULL;",
        "not-null-scans",
    ),
    "a check": ("ALTER TABLE listings ADD CONSTRAINT positive CHECK (price_minor > 0);", "check-scans"),
    "a foreign key": (
        "ALTER TABLE listings ADD CONSTRAINT seller FOREIGN KEY (seller_id) REFERENCES members (id);",
        "foreign-key-scans",
    ),
    "a unique constraint": ("ALTER TABLE members ADD CONSTRAINT once UNIQUE (username);", "unique-builds"),
    "an exclusion": (
        "ALTER TABLE stays ADD CONSTRAINT apart EXCLUDE USING gist (room WITH =, during WITH &&);",
        "exclusion-builds",
    ),
    "a column that goes": ("ALTER TABLE listings DROP COLUMN description;", "column-drops"),
    "a column by another name": ("ALTER TABLE listings RENAME COLUMN title TO name;", "rename-breaks"),
    "a table by another name": ("ALTER TABLE listings RENAME TO items;", "rename-breaks"),
    "a table that goes": ("DROP TABLE listings;", "table-drops"),
    "a change of all rows": ("UPDATE listings SET currency = 'EUR';", "rows-all-updated"),
    "a removal of all rows": ("DELETE FROM sessions;", "rows-all-deleted"),
    "VACUUM FULL": ("VACUUM FULL listings;", "vacuum-rewrites"),
    "CLUSTER": ("CLUSTER listings USING by_title;", "cluster-rewrites"),
    "a table without a log": ("ALTER TABLE sessions SET UNLOGGED;", "storage-rewrites"),
    "a view that is made anew": ("REFRESH MATERIALIZED VIEW trending;", "view-refresh-blocks"),
    "a trigger": (
        "CREATE TRIGGER told AFTER UPDATE ON listings FOR EACH ROW EXECUTE FUNCTION tell();",
        "trigger-locks",
    ),
    "TRUNCATE": ("TRUNCATE sessions;", "truncates"),
    "a partition": (
        "ALTER TABLE views ATTACH PARTITION views_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');",
        "partition-scans",
    ),
    "two tables in one transaction": (
        "ALTER TABLE listings ADD COLUMN a integer; ALTER TABLE members ADD COLUMN b integer;",
        "two-tables-locked",
    ),
}

SAFE: Final[Mapping[str, str]] = {
    "a table, and its indexes": (
        "CREATE TABLE offers (id uuid PRIMARY KEY, listing_id uuid NOT NULL, note text);"
        " CREATE INDEX by_listing ON offers (listing_id); ALTER TABLE offers ADD CONSTRAINT noted CHECK (note <> '');"
    ),
    "a plain table alone": "CREATE TABLE offers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
    "a column that may be empty": "ALTER TABLE listings ADD COLUMN stock integer;",
    "a column with a constant": "ALTER TABLE listings ADD COLUMN stock integer NOT NULL DEFAULT 1;",
    "a column with the time of now": "ALTER TABLE listings ADD COLUMN at timestamptz DEFAULT now();",
    "an index beside those who write": "COMMIT; CREATE INDEX CONCURRENTLY by_title ON listings (title);",
    "an index that goes beside them": "COMMIT; DROP INDEX CONCURRENTLY by_title;",
    "a check for rows to come": "ALTER TABLE listings ADD CONSTRAINT positive CHECK (price_minor > 0) NOT VALID;",
    "a check that is looked up later": "ALTER TABLE listings VALIDATE CONSTRAINT positive;",
    "a column that was checked before": (
        "ALTER TABLE listings ADD CONSTRAINT branded CHECK (brand_id IS NOT NULL) NOT VALID; COMMIT;"
        " BEGIN; ALTER TABLE listings VALIDATE CONSTRAINT branded; COMMIT;"
        " BEGIN; ALTER TABLE listings ALTER COLUMN brand_id SET NOT NULL, DROP CONSTRAINT branded; COMMIT;"
    ),
    "a foreign key for rows to come": (
        "ALTER TABLE listings ADD CONSTRAINT seller FOREIGN KEY (seller_id) REFERENCES members (id) NOT VALID;"
    ),
    "a constraint on an index that is there": "ALTER TABLE members ADD CONSTRAINT once UNIQUE USING INDEX by_name;",
    "a default for rows to come": "ALTER TABLE listings ALTER COLUMN currency SET DEFAULT 'EUR';",
    "a batch": "UPDATE listings SET currency = 'EUR' WHERE id BETWEEN 1 AND 1000;",
    "words in strings and bodies": (
        "INSERT INTO notes (text) VALUES ('DROP TABLE listings; TRUNCATE sessions');"
        " CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DELETE FROM sessions; END $$;"
    ),
}
