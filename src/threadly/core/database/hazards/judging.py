"""Looks a script through for what would hurt a database that people use meanwhile."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from threadly.core.database.hazards.rules import ACTIONS, CONCURRENT_OPTION, NAME, STATEMENTS, TABLE, Lock, Rule
from threadly.core.database.hazards.statements import Statement, name_of, statements

_ALTER: Final = re.compile(
    rf"^ALTER (?:TABLE|MATERIALIZED VIEW) (?:IF EXISTS )?(?:ONLY )?{TABLE} (?:\* )?(?P<actions>.+)", re.DOTALL
)
_NEW: Final = re.compile(
    rf"^CREATE (?:(?:GLOBAL|LOCAL|TEMP|TEMPORARY|UNLOGGED|MATERIALIZED) )*(?:TABLE|VIEW) {TABLE}", re.DOTALL
)
_NEW_INDEX: Final = re.compile(
    rf"^CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)(?:IF NOT EXISTS )?(?P<index>\S+) ON (?:ONLY )?{TABLE}"
)
_GENTLE: Final = re.compile(
    r"^(?:VALIDATE CONSTRAINT|ALTER (?:COLUMN )?\S+ SET STATISTICS|(?:RE)?SET \(|CLUSTER ON"
    r"|DETACH PARTITION .*CONCURRENTLY)"
)
_TIMEOUT: Final = re.compile(r"^SET (?P<local>LOCAL )?(?:SESSION )?LOCK_TIMEOUT (?:=|TO) (?P<value>.+)")
_NOT_VALID: Final = re.compile(r"^ADD CONSTRAINT (?P<name>\S+) .*NOT VALID")
_VALIDATES: Final = re.compile(r"^VALIDATE CONSTRAINT (?P<name>\S+)")
_ENDS: Final = ("COMMIT", "END", "ROLLBACK", "ABORT")

WAITS: Final = Rule(
    "waits-without-end",
    re.compile(""),
    Lock.ACCESS_EXCLUSIVE,
    "It waits for whoever uses the table, for however long, and all who come later wait behind it.",
    "SET lock_timeout before it, and try again.",
)
TWO_TABLES: Final = Rule(
    "two-tables-locked",
    re.compile(""),
    Lock.ACCESS_EXCLUSIVE,
    "The lock of a table before it is still held while it waits for this one: both stand still, and with somebody who "
    "takes them in the other order it is a deadlock.",
    "One table a transaction: a revision of its own for each.",
)
VALIDATES_AT_ONCE: Final = Rule(
    "validates-at-once",
    re.compile(""),
    Lock.ACCESS_EXCLUSIVE,
    "The lock by which the constraint was added is still held while the whole table is read.",
    "VALIDATE CONSTRAINT in a later transaction.",
)
IN_TRANSACTION: Final = Rule(
    "concurrently-in-transaction",
    re.compile(""),
    Lock.NONE,
    "PostgreSQL refuses CONCURRENTLY, VACUUM and the like in a transaction.",
    "Run it outside of one.",
)
NOT_TWICE: Final = Rule(
    "cannot-run-twice",
    re.compile(
        r"^(?:CREATE (?!OR REPLACE)|DROP |ALTER TYPE \S+ ADD VALUE |INSERT (?!.*\bON CONFLICT\b)"
        r"|ALTER TABLE .*? (?:ADD|RENAME|DROP (?!NOT NULL|DEFAULT)) ?)(?!.*\bIF (?:NOT )?EXISTS\b)",
        re.DOTALL,
    ),
    Lock.NONE,
    "Outside of a transaction it stays done when what follows fails or is interrupted; the revision then begins anew, "
    "and fails on it.",
    "IF NOT EXISTS, IF EXISTS or ON CONFLICT; or, within a transaction, a revision of its own.",
    breaks=True,
)
_CONCURRENT: Final = re.compile(
    rf"^(?:(?:CREATE (?:UNIQUE )?INDEX|DROP INDEX|REINDEX (?:\(.*\) )?(?:INDEX|TABLE|SCHEMA|DATABASE)) CONCURRENTLY\b"
    rf"|REINDEX {CONCURRENT_OPTION}|ALTER TABLE .* DETACH PARTITION {NAME} CONCURRENTLY$)"
)
_OUTSIDE: Final = re.compile(r"^(?:VACUUM|CREATE DATABASE|DROP DATABASE)\b")


@dataclass(frozen=True, slots=True)
class Hazard:
    """One thing that would hurt."""

    rule: Rule
    statement: Statement
    table: str | None
    """Or the index; None where it is about neither."""

    @property
    def code(self) -> str:
        """As its rule's."""
        return self.rule.code

    def __str__(self) -> str:
        """For a tired person: what waits, why, and what to do instead."""
        about = f" on {self.table}" if self.table else ""
        waits = f"Keeps waiting: {self.rule.lock.keeps_waiting}{about}, by a lock {self.rule.lock.title}."
        if self.rule.lock is Lock.NONE:
            waits = "Locks nothing that matters."
        return f"{self.rule.why} {waits} Instead: {self.rule.instead} [{self.code}]"


def hazards(sql: str, *, in_transaction: bool = True, has_lock_timeout: bool = True) -> list[Hazard]:
    """What would hurt, in the order in which it stands there.

    Args:
        in_transaction: Whether whoever runs the script does so in one transaction.
        has_lock_timeout: Whether they have set a limit to waiting for locks.
    """
    judge = Judge(in_transaction, has_lock_timeout)
    return [hazard for statement in statements(sql) for hazard in judge.look(statement)]


@dataclass(slots=True)
class Judge:
    """Looks at one statement after another, and remembers what they have made and locked."""

    in_transaction: bool
    has_timeout: bool
    runs_again: bool = False
    """Whether a script that was interrupted is run again from its beginning."""
    had_timeout: bool = field(init=False)
    """What counts again when this transaction ends."""
    new: set[str] = field(default_factory=set)
    """Tables that the script has made: nobody else knows them."""
    indexes: dict[str, str] = field(default_factory=dict)
    """The tables of those that the script has made."""
    locked: set[str] = field(default_factory=set)
    """Tables that this transaction keeps from everybody."""
    unchecked: set[tuple[str, str]] = field(default_factory=set)
    """Constraints that this transaction has added as NOT VALID, by table and name."""
    checked: set[str] = field(default_factory=set)
    """Tables that had a constraint validated."""

    def __post_init__(self) -> None:
        self.had_timeout = self.has_timeout

    def look(self, statement: Statement) -> Iterator[Hazard]:
        """What it would do."""
        said = str(statement)
        if self._follow_session(statement, said):
            return
        if self.in_transaction and (is_concurrent(statement) or _OUTSIDE.match(said)):
            yield Hazard(IN_TRANSACTION, statement, None)
        if self.runs_again and not self.in_transaction and NOT_TWICE.pattern.match(said):
            yield Hazard(NOT_TWICE, statement, None)
        if (change := altered(statement)) is not None:
            yield from self._altered(statement, *change)
        else:
            for rule in STATEMENTS:
                if found := rule.pattern.match(said):
                    about = next(map(_named, found.groupdict().values()), None)
                    known = about in self.indexes or "table" in found.groupdict()
                    yield from self._hurt(rule, statement, self.indexes.get(about or "", about), locks=known)
                    break
        self._made(said)

    def _follow_session(self, statement: Statement, said: str) -> bool:
        first = statement.words[0]
        if first == "BEGIN" or said.startswith("START TRANSACTION"):
            self.in_transaction = True
            self.had_timeout = self.has_timeout
        elif first in _ENDS and "TO" not in statement.words:
            self.in_transaction = False
            self.has_timeout = self.had_timeout
            self.locked.clear()
            self.unchecked.clear()
        elif said.startswith(("RESET LOCK_TIMEOUT", "RESET ALL")):
            self.has_timeout = self.had_timeout = False
        elif set_ := _TIMEOUT.match(said):
            # The words do not have what stands in a string: '5s', but also '0'.
            value = statement.text.rpartition("=")[2] if "=" in statement.words else statement.text.split()[-1]
            self.has_timeout = value.strip(" '\t\n").upper() not in {"0", "DEFAULT", "0S", "0MS"}
            if not set_["local"]:
                self.had_timeout = self.has_timeout
        else:
            return False
        return True

    def _altered(self, statement: Statement, table: str, actions: Sequence[str]) -> Iterator[Hazard]:
        for action in actions:
            if validated := _VALIDATES.match(action):
                if (table, name_of(validated["name"])) in self.unchecked:
                    yield Hazard(VALIDATES_AT_ONCE, statement, table)
                else:
                    self.checked.add(table)
            if added := _NOT_VALID.match(action):
                self.unchecked.add((table, name_of(added["name"])))
            for rule in ACTIONS:
                if rule.pattern.match(action) and not (rule.code == "not-null-scans" and table in self.checked):
                    yield from self._hurt(rule, statement, table, locks=False)
                    break
            if not _GENTLE.match(action):
                yield from self._lock(statement, table)

    def _hurt(self, rule: Rule, statement: Statement, table: str | None, *, locks: bool = True) -> Iterator[Hazard]:
        if rule.spares_new and table in self.new:
            return
        yield Hazard(rule, statement, table)
        if locks and table and rule.lock in {Lock.ACCESS_EXCLUSIVE, Lock.SHARE_ROW_EXCLUSIVE, Lock.SHARE}:
            yield from self._lock(statement, table)

    def _lock(self, statement: Statement, table: str) -> Iterator[Hazard]:
        if table in self.new or table in self.locked:
            return
        if not self.has_timeout:
            yield Hazard(WAITS, statement, table)
        if self.in_transaction:
            if self.locked:
                yield Hazard(TWO_TABLES, statement, table)
            self.locked.add(table)

    def _made(self, said: str) -> None:
        if (made := _NEW.match(said)) and "IF NOT EXISTS" not in said:
            self.new.add(_table(made))
        elif indexed := _NEW_INDEX.match(said):
            self.indexes[_named(indexed["index"])] = _table(indexed)


def is_concurrent(statement: Statement) -> bool:
    """Whether PostgreSQL does it beside those who use the table: nobody waits behind it, however long it waits."""
    return _CONCURRENT.match(str(statement)) is not None


def altered(statement: Statement) -> tuple[str, Sequence[str]] | None:
    """The table that an ALTER TABLE is about, and the words of each of its actions; None of any other statement."""
    found = _ALTER.match(str(statement))
    return None if found is None else (_table(found), list(_apart(found["actions"])))


def _table(found: re.Match[str]) -> str:
    return _named(found["table"])


def _named(words: str) -> str:
    return ".".join(name_of(word) for word in words.split(" . "))


def _apart(actions: str) -> Iterator[str]:
    """The actions of an ALTER TABLE, which commas part unless they stand in brackets."""
    depth = 0
    begun: list[str] = []
    for word in actions.split(" "):
        depth += (word == "(") - (word == ")")
        if word == "," and depth == 0:
            yield " ".join(begun)
            begun = []
        else:
            begun.append(word)
    yield " ".join(begun)
