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
    "a change of all rows that has a WHERE": ("UPDATE listings SET currency = 'EUR' WHERE true;", "rows-all-updated"),
    "a removal within WITH": (
        "WITH gone AS (DELETE FROM sessions RETURNING id) SELECT count(*) FROM gone;",
        "rows-all-deleted",
    ),
    "a merge": (
        "MERGE INTO listings USING (SELECT 1) AS one ON true WHEN MATCHED THEN UPDATE SET currency = 'EUR';",
        "rows-merged",
    ),
    "a table that goes elsewhere": ("ALTER TABLE listings SET SCHEMA old;", "rename-breaks"),
    "rows that are hidden": ("ALTER TABLE listings ENABLE ROW LEVEL SECURITY;", "access-changes"),
    "a right that goes": ("REVOKE ALL ON listings FROM threadly;", "access-revoked"),
    "a default that goes": ("ALTER TABLE listings ALTER COLUMN created_at DROP DEFAULT;", "default-drops"),
    "a key that goes": ("ALTER TABLE listings DROP CONSTRAINT listings_pkey;", "constraint-drops"),
    "a trigger that goes": ("DROP TRIGGER told ON listings;", "drops-everything"),
    "a name in quotes": ('ALTER TABLE listings ALTER COLUMN "my col" TYPE bigint;', "column-type"),
    "a default that nobody knows": (
        "ALTER TABLE listings ADD COLUMN token uuid DEFAULT uuid_generate_v4();",
        "column-rewrites",
    ),
    "a column that is unique": ("ALTER TABLE listings ADD COLUMN code text UNIQUE;", "unique-builds"),
    "a table in use beside a new one": ("CREATE TABLE own (id int); DROP TABLE own, listings;", "table-drops"),
    "code": ("DO $$ BEGIN EXECUTE 'DROP TABLE listings'; END $$;", "not-seen"),
    "a function": ("SELECT rewrite_everything();", "not-seen"),
    "a statement that nobody knows": ("ALTER INDEX by_title SET TABLESPACE other;", "not-known"),
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
    "a column that is called as a word is": (
        "ALTER TABLE listings ADD COLUMN generated_at timestamptz, ADD COLUMN serial text,"
        " ADD COLUMN generated boolean NOT NULL DEFAULT false;"
    ),
    "a column that is computed when it is read": (
        "ALTER TABLE listings ADD COLUMN twice integer GENERATED ALWAYS AS (price_minor * 2) VIRTUAL;"
    ),
    "a default in other words": (
        "ALTER TABLE listings ADD COLUMN name varchar(20) COLLATE \"C\" DEFAULT lower('X'::varchar(20)) NOT NULL,"
        " ADD COLUMN until timestamptz DEFAULT date_trunc('day', now()) + interval '1 day';"
    ),
    "a table that nobody else sees": (
        "CREATE TEMP TABLE picked (id uuid) ON COMMIT DROP; UPDATE picked SET id = NULL; DELETE FROM pg_temp.picked;"
    ),
    "a value more, and a constraint by another name": (
        "ALTER TYPE condition ADD VALUE 'worn'; ALTER TABLE listings RENAME CONSTRAINT positive TO priced;"
    ),
    "rows that are put in, by functions that everybody knows": (
        "INSERT INTO totals (seller_id, sold) SELECT seller_id, count(*) FROM listings WHERE at < now() GROUP BY 1;"
    ),
}
