"""What a statement can do to a database that people use meanwhile: as data, each with its lock and a safe way.

Which lock each statement takes is PostgreSQL's: its manual, 13.3 and the pages of the statements (16 to 18).
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Lock(Enum):
    """A lock on a table, by PostgreSQL's name, and what waits for it."""

    ACCESS_EXCLUSIVE = ("ACCESS EXCLUSIVE", "everybody who reads or writes the table")
    EXCLUSIVE = ("EXCLUSIVE", "everybody who writes the table")
    SHARE_ROW_EXCLUSIVE = ("SHARE ROW EXCLUSIVE", "everybody who writes the table")
    SHARE = ("SHARE", "everybody who writes the table")
    ROWS = ("ROW EXCLUSIVE, and one on each row", "everybody who writes one of its rows")
    UNKNOWN = ("not known", "whoever uses what it touches")
    NONE = ("none that matters", "nobody")

    def __init__(self, title: str, keeps_waiting: str) -> None:
        self.title = title
        self.keeps_waiting = keeps_waiting


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is not done to a table in use.

    Args:
        code: By which revisions, tests and pages know it.
        lock: What it takes, for as long as it lasts.
        why: What happens, in a sentence.
        instead: The safe way.
        spares_new: Whether it harms nobody where the table was made by the same script.
        breaks: Whether it hurts however small the table is: the release that still runs does not know of it.
        pattern: Of a statement's words, or of one action of an ALTER TABLE; of none, where `judging` finds it.
    """

    code: str
    lock: Lock
    why: str
    instead: str
    spares_new: bool = True
    breaks: bool = False
    pattern: re.Pattern[str] = re.compile(r"(?!)")


def _rule(
    code: str, pattern: str, lock: Lock, why: str, instead: str, *, spares_new: bool = True, breaks: bool = False
) -> Rule:
    return Rule(code, lock, why, instead, spares_new, breaks, re.compile(pattern, re.DOTALL))


_WORD: Final = r'(?:"(?:[^"]|"")*"|[^\s,()]+)'
NAME: Final = rf"{_WORD}(?: \. {_WORD})*"
"""What something is called, with its schema."""
TABLE: Final = rf"(?P<table>{NAME})"
"""The table that a statement is about."""

TABLES: Final = rf"(?P<tables>(?:ONLY )?{NAME}(?: \*)?(?: , (?:ONLY )?{NAME}(?: \*)?)*)"
"""The tables, where they may be several."""

CONSTANT: Final = rf"(?:''|TRUE|FALSE|(?:- )?\d[\w.]*)(?: : : {NAME}(?: \( [\d ,]+ \))?)?"

NEW_COLUMN: Final = (
    r"^ADD (?:COLUMN )?(?:IF NOT EXISTS )?(?!(?:COLUMN|IF NOT|CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN|EXCLUDE|NOT)\b)"
    + NAME
)
"""An action of an ALTER TABLE, up to the name; the type follows."""

STEADY_DEFAULT: Final = "STEADY"
"""Stands for any default that is the same for all rows."""

NO_DEFAULT: Final = "NOTHING"
"""Stands for NULL as one."""

_SERIAL: Final = r"(?:(?:SMALL|BIG)?SERIAL|SERIAL[248])\b"
_PLAIN: Final = r'(?:"(?:[^"]|"")*"|[A-Z_][\w$]*)'
_COLUMN: Final = rf"(?!(?:TRUE|FALSE|NULL|CURRENT_\w+)\b){_PLAIN}(?: \. {_PLAIN})*"
_BOUND: Final = (
    r"(?!.*\b(?:OR|SELECT|CASE)\b)(?!.*\bNOT \()(?=.*? WHERE (?:.* AND )?"
    rf"(?:{_COLUMN} = {CONSTANT}|{_COLUMN} IN \( {CONSTANT}(?: , {CONSTANT})* \)"
    rf"|{_COLUMN} BETWEEN {CONSTANT} AND {CONSTANT}"
    rf"|(?P<bound>{_COLUMN}) > (?:= )?{CONSTANT} AND (?P=bound) < (?:= )?{CONSTANT})(?: AND | RETURNING |$))"
)
"""Its WHERE asks one column for values: a part of the table. That may still be a large one."""

CONCURRENT_OPTION: Final = r"\((?:.* ,)? CONCURRENTLY(?! (?:FALSE|OFF|0)\b).*?\)"
"""Of REINDEX, where it stands in brackets."""

_BATCHES: Final = "Change rows in batches of some thousands, each in a transaction of its own: a job, or `backfill`."
_SPLIT: Final = (
    "Expand and contract: add the new column, write both, fill it in batches, read the new one, and take the old "
    "one away in a later release."
)

ACTIONS: Final = (
    _rule(
        "column-rewrites",
        rf"{NEW_COLUMN} (?:{_SERIAL}|.*\bGENERATED (?:ALWAYS|BY DEFAULT) AS (?:IDENTITY\b|\(.*\) STORED\b)"
        rf"|.*(?<!BY )(?<!SET )\bDEFAULT (?!{STEADY_DEFAULT}\b|{NO_DEFAULT}\b))",
        Lock.ACCESS_EXCLUSIVE,
        "Each row gets a value of its own, so the whole table is written anew.",
        "Add the column without a default, set the default for rows to come, and fill the others in batches.",
    ),
    _rule(
        "column-without-value",
        rf"{NEW_COLUMN} (?!{_SERIAL})(?!.*(?<!SET )\bDEFAULT (?!{NO_DEFAULT}\b))(?!.*\bGENERATED ALWAYS AS\b)"
        r".*(?<!IS )\bNOT NULL\b",
        Lock.ACCESS_EXCLUSIVE,
        "It fails if the table has a row; and the release that still runs writes rows without it.",
        "Add it with a constant default, or as nullable; fill it; then make it NOT NULL by a checked constraint.",
        breaks=True,
    ),
    _rule(
        "column-type",
        rf"^ALTER (?:COLUMN )?{NAME} (?:(?:SET DATA )?TYPE|SET EXPRESSION)\b",
        Lock.ACCESS_EXCLUSIVE,
        "The whole table and its indexes may be written anew.",
        _SPLIT,
    ),
    _rule(
        "not-null-scans",
        rf"^ALTER (?:COLUMN )?{NAME} SET NOT NULL$|^ADD (?:CONSTRAINT {NAME} )?NOT NULL\b(?!.*NOT VALID)"
        rf"|{NEW_COLUMN} .*\bGENERATED ALWAYS AS .*(?<!IS )\bNOT NULL\b",
        Lock.ACCESS_EXCLUSIVE,
        "The whole table is read to see whether it holds.",
        "ADD CONSTRAINT … CHECK (… IS NOT NULL) NOT VALID; VALIDATE CONSTRAINT in a later transaction; SET NOT NULL "
        "then trusts it.",
    ),
    _rule(
        "check-scans",
        rf"^ADD (?:CONSTRAINT {NAME} )?CHECK\b(?!.*NOT VALID)|{NEW_COLUMN} .*\bCHECK \((?!.*NOT VALID)",
        Lock.ACCESS_EXCLUSIVE,
        "The whole table is read to see whether it holds.",
        "ADD CONSTRAINT … NOT VALID, and VALIDATE CONSTRAINT in a later transaction.",
    ),
    _rule(
        "foreign-key-scans",
        rf"^ADD (?:CONSTRAINT {NAME} )?FOREIGN KEY\b(?!.*NOT VALID)"
        rf"|{NEW_COLUMN} (?=.*\bREFERENCES\b)(?=.*(?<!SET )\bDEFAULT (?!{NO_DEFAULT}\b))",
        Lock.SHARE_ROW_EXCLUSIVE,
        "Both tables are locked while every row is looked up.",
        "ADD CONSTRAINT … NOT VALID, and VALIDATE CONSTRAINT in a later transaction.",
    ),
    _rule(
        "unique-builds",
        rf"^ADD (?:CONSTRAINT {NAME} )?(?:UNIQUE|PRIMARY KEY)\b(?!.*USING INDEX)"
        rf"|{NEW_COLUMN} .*\b(?:UNIQUE|PRIMARY KEY)\b",
        Lock.ACCESS_EXCLUSIVE,
        "Its index is built meanwhile.",
        "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … USING INDEX.",
    ),
    _rule(
        "exclusion-builds",
        rf"^ADD (?:CONSTRAINT {NAME} )?EXCLUDE\b",
        Lock.ACCESS_EXCLUSIVE,
        "Its index is built meanwhile, and there is no way to build it beforehand.",
        "Make a new table with it, and move the rows in batches.",
    ),
    _rule(
        "column-drops",
        rf"^DROP (?!CONSTRAINT\b)(?:COLUMN )?(?:IF EXISTS )?{NAME}",
        Lock.ACCESS_EXCLUSIVE,
        "The release that still runs reads and writes it.",
        "First ship a release that does without it; then drop it.",
        breaks=True,
    ),
    _rule(
        "constraint-drops",
        rf"^DROP CONSTRAINT (?:IF EXISTS )?{NAME}",
        Lock.ACCESS_EXCLUSIVE,
        "What it held no longer holds; and whoever names it or needs its index (ON CONFLICT, a foreign key) fails.",
        "First ship a release that does without it; then drop it.",
        breaks=True,
    ),
    _rule(
        "default-drops",
        rf"^ALTER (?:COLUMN )?{NAME} DROP (?:DEFAULT|IDENTITY)\b",
        Lock.ACCESS_EXCLUSIVE,
        "The release that still runs may write rows without a value for it.",
        "First ship a release that gives the value itself; then drop it.",
        breaks=True,
    ),
    _rule(
        "access-changes",
        r"^(?:(?:ENABLE|FORCE) ROW LEVEL SECURITY|OWNER TO)\b",
        Lock.ACCESS_EXCLUSIVE,
        "The release that still runs may no longer see or write its rows.",
        "First give it what it will need: policies, GRANT, membership in the new owner.",
        breaks=True,
    ),
    _rule(
        "rename-breaks",
        r"^(?:RENAME (?!CONSTRAINT\b)|SET SCHEMA\b)",
        Lock.ACCESS_EXCLUSIVE,
        "The release that still runs knows the old name only.",
        _SPLIT,
        breaks=True,
    ),
    _rule(
        "storage-rewrites",
        r"^SET (?:UNLOGGED|LOGGED|TABLESPACE|ACCESS METHOD)\b",
        Lock.ACCESS_EXCLUSIVE,
        "The whole table is written anew.",
        "Make a new table as it should be, and move the rows in batches.",
    ),
    _rule(
        "partition-scans",
        r"^ATTACH PARTITION\b",
        Lock.ACCESS_EXCLUSIVE,
        "The new partition is read whole, unless a valid CHECK already says what it holds; and the default one, too.",
        "ADD CONSTRAINT … CHECK … NOT VALID to it, VALIDATE, then attach, and drop the constraint.",
        spares_new=False,
    ),
    _rule(
        "partition-detaches",
        r"^DETACH PARTITION\b(?!.*CONCURRENTLY)",
        Lock.ACCESS_EXCLUSIVE,
        "The whole table waits for whoever reads it.",
        "DETACH PARTITION … CONCURRENTLY, outside of a transaction.",
    ),
    _rule(
        "triggers-switched",
        r"^(?:ENABLE|DISABLE) (?:REPLICA |ALWAYS )?(?:TRIGGER|RULE)\b",
        Lock.SHARE_ROW_EXCLUSIVE,
        "What the triggers hold does not hold meanwhile, for anybody.",
        "Let the trigger itself ask a setting (current_setting) that one transaction sets.",
        breaks=True,
    ),
)
"""Of ALTER TABLE."""

STATEMENTS: Final = (
    _rule(
        "index-blocks",
        rf"^CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY).*?\bON (?:ONLY )?{TABLE}",
        Lock.SHARE,
        "Nobody writes while it is built.",
        "CREATE INDEX CONCURRENTLY, outside of a transaction.",
    ),
    _rule(
        "index-drops",
        rf"^DROP INDEX (?!CONCURRENTLY\b)(?:IF EXISTS )?(?P<indexes>{NAME}(?: , {NAME})*)",
        Lock.ACCESS_EXCLUSIVE,
        "It waits for every query of the table, and all others wait behind it.",
        "DROP INDEX CONCURRENTLY, outside of a transaction.",
    ),
    _rule(
        "reindex-blocks",
        rf"^REINDEX (?!(?:\(.*\) )?(?:INDEX|TABLE|SCHEMA|DATABASE) CONCURRENTLY\b)(?!{CONCURRENT_OPTION})",
        Lock.ACCESS_EXCLUSIVE,
        "Nobody writes, and nobody reads by that index, while it is built.",
        "REINDEX … CONCURRENTLY, outside of a transaction.",
    ),
    _rule(
        "table-drops",
        rf"^DROP (?:MATERIALIZED VIEW|FOREIGN TABLE|TABLE|VIEW) (?:IF EXISTS )?{TABLES}",
        Lock.ACCESS_EXCLUSIVE,
        "The release that still runs reads and writes it.",
        "First ship a release that does without it; then drop it.",
        breaks=True,
    ),
    _rule(
        "rows-all-updated",
        rf"^UPDATE (?:ONLY )?{TABLE}(?!{_BOUND})",
        Lock.ROWS,
        "Each row that it finds is locked until the end, written anew, and left to the vacuum.",
        _BATCHES,
    ),
    _rule(
        "rows-all-deleted",
        rf"^DELETE FROM (?:ONLY )?{TABLE}(?!{_BOUND})",  # noqa: S608  it reads SQL
        Lock.ROWS,
        "Each row that it finds is locked until the end, and left to the vacuum.",
        _BATCHES,
    ),
    _rule(
        "rows-merged",
        rf"^MERGE INTO (?:ONLY )?{TABLE}",
        Lock.ROWS,
        "Each row that it finds is locked until the end.",
        _BATCHES,
    ),
    _rule(
        "truncates",
        rf"^TRUNCATE (?:TABLE )?{TABLES}",
        Lock.ACCESS_EXCLUSIVE,
        "All rows are gone at once, also for those who were reading them.",
        "Delete in batches; or rename the table away in one release, and drop it in the next.",
        breaks=True,
    ),
    _rule(
        "vacuum-rewrites",
        r"^VACUUM (?:\( (?!FULL (?:FALSE|OFF|0)).*\bFULL\b|FULL\b)",
        Lock.ACCESS_EXCLUSIVE,
        "The whole table is written anew.",
        "Plain VACUUM; where room has to be given back, pg_repack.",
        spares_new=False,
    ),
    _rule(
        "cluster-rewrites",
        r"^CLUSTER\b",
        Lock.ACCESS_EXCLUSIVE,
        "The whole table is written anew.",
        "pg_repack, which orders rows while they are used.",
        spares_new=False,
    ),
    _rule(
        "view-refresh-blocks",
        rf"^REFRESH MATERIALIZED VIEW (?!CONCURRENTLY\b){TABLE}(?!.*WITH NO DATA)",
        Lock.ACCESS_EXCLUSIVE,
        "Nobody reads it while it is made anew.",
        "Give it a unique index, and REFRESH MATERIALIZED VIEW CONCURRENTLY.",
    ),
    _rule(
        "trigger-locks",
        rf"^CREATE (?:OR REPLACE )?(?:CONSTRAINT )?TRIGGER .*?\bON {TABLE}",
        Lock.SHARE_ROW_EXCLUSIVE,
        "It waits for everybody who writes, and they wait behind it; and from then on it is part of each write.",
        "Under a short lock_timeout with retries, by itself in its transaction; or let the application do it.",
    ),
    _rule(
        "rule-locks",
        rf"^CREATE (?:OR REPLACE )?RULE .*?\bTO {TABLE}",
        Lock.ACCESS_EXCLUSIVE,
        "It rewrites what others ask, in ways that nobody sees.",
        "A view, or a trigger.",
    ),
    _rule(
        "locks-table",
        rf"^LOCK (?:TABLE )?{TABLES}(?!.*\bIN (?:ACCESS SHARE|ROW SHARE|ROW EXCLUSIVE) MODE)",
        Lock.ACCESS_EXCLUSIVE,
        "They wait until this transaction ends.",
        "Lock the rows that it is about: SELECT … FOR UPDATE.",
    ),
    _rule(
        "value-renamed",
        rf"^ALTER TYPE {NAME} (?:RENAME|DROP|SET SCHEMA)\b|^ALTER (?!TYPE |TABLE |INDEX ).*? (?:RENAME|SET SCHEMA)\b",
        Lock.NONE,
        "The release that still runs knows the old name only.",
        "Add the new one, and move the rows in batches.",
        spares_new=False,
        breaks=True,
    ),
    _rule(
        "domain-scans",
        rf"^ALTER DOMAIN {NAME} (?:ADD (?!.*NOT VALID)|SET NOT NULL)",
        Lock.SHARE,
        "Every table with a column of it is read whole.",
        "ADD CONSTRAINT … NOT VALID, and VALIDATE CONSTRAINT in a later transaction.",
        spares_new=False,
    ),
    _rule(
        "drops-everything",
        rf"^DROP (?:(?:TRIGGER|POLICY|RULE) (?:IF EXISTS )?{NAME} ON {TABLE}"
        r"|(?!TRIGGER |POLICY |RULE |TABLE |FOREIGN TABLE |VIEW |MATERIALIZED |INDEX ))",
        Lock.ACCESS_EXCLUSIVE,
        "What depends on it goes or breaks, and the release that still runs with it.",
        "First ship a release that does without it.",
        breaks=True,
    ),
    _rule(
        "access-revoked",
        rf"^(?:REVOKE .*? ON|(?:CREATE|ALTER) POLICY {NAME} ON) (?:TABLE )?{TABLE}",
        Lock.ACCESS_EXCLUSIVE,
        "The release that still runs may no longer see or write its rows.",
        "First ship a release that does without; or give it what it will need instead.",
        breaks=True,
    ),
    _rule(
        "partition-locks",
        rf"^CREATE (?:[A-Z]+ )?TABLE (?:IF NOT EXISTS )?{NAME} PARTITION OF {TABLE}",
        Lock.ACCESS_EXCLUSIVE,
        "The whole table waits for whoever uses it; and its default partition is read.",
        "CREATE TABLE by itself (LIKE … INCLUDING ALL), then ATTACH PARTITION.",
    ),
)
"""Of all else."""
