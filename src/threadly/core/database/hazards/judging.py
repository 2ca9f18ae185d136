"""Looks a script through for what would hurt a database that people use meanwhile."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from threadly.core.database.hazards import calls
from threadly.core.database.hazards.defaults import with_plain_default
from threadly.core.database.hazards.harmless import HARMLESS, HARMLESS_ACTIONS
from threadly.core.database.hazards.repeating import is_repeatable
from threadly.core.database.hazards.rules import ACTIONS, CONCURRENT_OPTION, NAME, STATEMENTS, TABLE, Lock, Rule
from threadly.core.database.hazards.script_rules import (
    CASCADES,
    IN_TRANSACTION,
    NOT_KNOWN,
    NOT_SEEN,
    NOT_TWICE,
    TWO_TABLES,
    VALIDATES_AT_ONCE,
    WAITS,
)
from threadly.core.database.hazards.statements import (
    Statement,
    altered,
    apart,
    hides_changes,
    is_batched,
    named,
    parts,
    statements,
    tokens,
)

_NEW: Final = re.compile(
    rf"^CREATE (?:(?:GLOBAL|LOCAL|TEMP|TEMPORARY|UNLOGGED|MATERIALIZED) )*(?:TABLE|VIEW) {TABLE}", re.DOTALL
)
_NEW_INDEX: Final = re.compile(
    rf"^CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)(?:IF NOT EXISTS )?(?P<index>{NAME}) ON (?:ONLY )?{TABLE}"
)
_OBJECT: Final = (
    rf"(?P<kind>TEXT SEARCH [A-Z]+|EVENT TRIGGER|(?!TABLE|VIEW|INDEX|OR|TEMP|UNLOGGED)[A-Z]+) "
    rf"(?:IF EXISTS )?(?P<name>{NAME})"
)
_NEW_OBJECT: Final = re.compile(rf"^CREATE (?:CONSTRAINT )?(?!.*IF NOT EXISTS){_OBJECT}")
_OF_OBJECT: Final = re.compile(rf"^(?:ALTER|DROP) {_OBJECT}(?P<rest>.*)$")
_STEADY_FUNCTION: Final = re.compile(r"^CREATE (?:OR REPLACE )?FUNCTION (?P<function>\S+) \(.* (?:IMMUTABLE|STABLE)\b")
_REPLACED_VIEW: Final = re.compile(rf"^CREATE OR REPLACE (?:RECURSIVE )?VIEW {TABLE}")
_MADE_OF: Final = re.compile(r"^CREATE (?:[A-Z]+ )*(?:TABLE|MATERIALIZED VIEW) ")
_GENTLE: Final = re.compile(
    rf"^(?:VALIDATE CONSTRAINT|ALTER (?:COLUMN )?{NAME} SET STATISTICS|(?:RE)?SET \(|CLUSTER ON"
    r"|DETACH PARTITION .*CONCURRENTLY)"
)
_TIMEOUT: Final = re.compile(r"^SET (?P<local>LOCAL )?(?:SESSION )?(?:LOCK_TIMEOUT|(?i:\"lock_timeout\")) (?:=|TO) ")
_WAIT: Final = re.compile(r"(?:=|\bTO\b)\s*'?\s*(\d+)\s*(us|ms|s|min|h|d)?\s*'?\s*$", re.IGNORECASE)
_MILLISECONDS: Final = {"us": 0.001, "ms": 1, "s": 1000}
_LONGEST_WAIT: Final = 10_000
_NOT_VALID: Final = re.compile(rf"^ADD CONSTRAINT (?P<name>{NAME}) .*NOT VALID")
_VALIDATES: Final = re.compile(rf"^VALIDATE CONSTRAINT (?P<name>{NAME})")
_ADDS: Final = re.compile(rf"^ADD CONSTRAINT (?P<name>{NAME})")
_DROPS: Final = re.compile(rf"^DROP CONSTRAINT (?:IF EXISTS )?(?P<name>{NAME})(?! CASCADE)")
_ENDS: Final = ("COMMIT", "END", "ROLLBACK", "ABORT")
_CHANGES_ROWS: Final = ("INSERT", "UPDATE", "DELETE")
_RUNS: Final = {"DO", "CALL", "EXECUTE", "PYTHON"}
_ASKS: Final = {"SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "("}

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
    recorded_in: str | None = None
    """The table in which is noted that a script has run; it begins anew if it is interrupted before. None: it never
    does."""
    had_timeout: bool = field(init=False)
    """What counts again when this transaction ends."""
    new: set[str] = field(default_factory=set)
    """Tables that the script has made: nobody else knows them."""
    objects: set[tuple[str, str]] = field(default_factory=set)
    """The same of all that is no table, by kind and name."""
    functions: set[str] = field(default_factory=set)
    """Those that the script has made and that, by their declaration, change nothing."""
    constraints: set[tuple[str, str]] = field(default_factory=set)
    """Those that the script has added, by table and name."""
    indexes: dict[str, str] = field(default_factory=dict)
    """The tables of those that the script has made."""
    locked: set[str] = field(default_factory=set)
    """Tables that this transaction keeps from everybody."""
    unchecked: set[tuple[str, str]] = field(default_factory=set)
    """Constraints that this transaction has added as NOT VALID, by table and name."""
    checked: set[str] = field(default_factory=set)
    """Tables that had a constraint validated."""
    begun: list[Statement] = field(default_factory=list)
    """What this transaction has done."""
    is_recorded: bool = False
    """Whether this transaction notes that the script has run."""

    def __post_init__(self) -> None:
        self.had_timeout = self.has_timeout

    def look(self, statement: Statement) -> Iterator[Hazard]:
        """What it would do."""
        said = str(statement)
        if said.startswith(("COMMIT", "END")) and not self.is_recorded:
            yield from (Hazard(NOT_TWICE, each, None) for each in self.begun if not is_repeatable(each))
        if self._follow_session(statement, said):
            return
        if self.in_transaction and (is_concurrent(statement) or _OUTSIDE.match(said)):
            yield Hazard(IN_TRANSACTION, statement, None)
        if self.recorded_in is not None:
            if statement.words[0] in _CHANGES_ROWS and self.recorded_in.upper() in statement.words:
                self.is_recorded = True
                return
            if self.in_transaction:
                self.begun.append(statement)
            elif not is_repeatable(statement):
                yield Hazard(NOT_TWICE, statement, None)
        for part in parts(statement):
            yield from self._judge(part)
        self._made(said)

    def _judge(self, statement: Statement) -> Iterator[Hazard]:
        said = str(statement)
        if (change := altered(statement)) is not None:
            yield from self._altered(statement, *change)
        elif statement.words[0] in _RUNS:
            yield Hazard(NOT_SEEN, statement, None)
        elif not is_batched(statement) and not self._is_about_new(said):
            matched = [(rule, found) for rule in STATEMENTS if (found := rule.pattern.match(said))]
            for rule, found in matched:
                yield from self._found(rule, found, statement)
            if not matched and (not HARMLESS.match(said) or hides_changes(statement.words)):
                yield Hazard(NOT_KNOWN, statement, None)
            if statement.words[0] in {"DROP", "TRUNCATE", "REVOKE"} and statement.words[-1] == "CASCADE":
                yield Hazard(CASCADES, statement, None)
            if any(calls.strangers(_asked(statement), calls.HARMLESS | self.functions)):
                yield Hazard(NOT_SEEN, statement, None)
            if replaced := _REPLACED_VIEW.match(said):
                yield from self._lock(statement, _named(replaced["table"]))

    def _follow_session(self, statement: Statement, said: str) -> bool:
        first = statement.words[0]
        if first == "BEGIN" or said.startswith("START TRANSACTION"):
            self.in_transaction = True
            self.had_timeout = self.has_timeout
            self._end()
        elif first in _ENDS and "TO" not in statement.words:
            self.in_transaction = False
            self.has_timeout = self.had_timeout
            self._end()
        elif said.startswith(("RESET LOCK_TIMEOUT", "RESET ALL")):
            self.has_timeout = self.had_timeout = False
        elif set_ := _TIMEOUT.match(said):
            self.has_timeout = _is_short(statement.text)
            if not set_["local"]:
                self.had_timeout = self.has_timeout
        elif "SET_CONFIG" in statement.words and "lock_timeout" in statement.text.lower():
            self.has_timeout = self.had_timeout = False
            return False
        else:
            return first in _ENDS
        return True

    def _end(self) -> None:
        self.locked.clear()
        self.unchecked.clear()
        self.begun.clear()
        self.is_recorded = False

    def _is_about_new(self, said: str) -> bool:
        found = _OF_OBJECT.match(said)
        return (
            found is not None
            and (found["kind"], _named(found["name"])) in self.objects
            and not said.endswith(" CASCADE")
            and (said.startswith("ALTER ") or len(list(apart(found["rest"].split(" ")))) == 1)
        )

    def _found(self, rule: Rule, found: re.Match[str], statement: Statement) -> Iterator[Hazard]:
        groups = found.groupdict()
        if several := groups.get("tables") or groups.get("indexes"):
            for each in apart(tokens(several)):
                name = named([word for word in each if word not in {"ONLY", "*"}])
                known = "tables" in groups or name in self.indexes
                yield from self._hurt(rule, statement, self.indexes.get(name, name), locks=known)
        else:
            table = groups.get("table")
            yield from self._hurt(rule, statement, None if table is None else _named(table))

    def _altered(self, statement: Statement, table: str, actions: Sequence[str]) -> Iterator[Hazard]:
        for action in map(with_plain_default, actions):
            if validated := _VALIDATES.match(action):
                if (table, _named(validated["name"])) in self.unchecked:
                    yield Hazard(VALIDATES_AT_ONCE, statement, table)
                else:
                    self.checked.add(table)
            if added := _NOT_VALID.match(action):
                self.unchecked.add((table, _named(added["name"])))
            if added := _ADDS.match(action):
                self.constraints.add((table, _named(added["name"])))
            matched = [rule for rule in ACTIONS if rule.pattern.match(action)]
            for rule in matched:
                if not self._is_held(rule, table, action):
                    yield from self._hurt(rule, statement, table, locks=False)
            if not matched and not HARMLESS_ACTIONS.match(action):
                yield from self._hurt(NOT_KNOWN, statement, table, locks=False)
            if action.startswith("DROP ") and action.endswith(" CASCADE"):
                yield Hazard(CASCADES, statement, table)
            if not _GENTLE.match(action):
                yield from self._lock(statement, table)

    def _is_held(self, rule: Rule, table: str, action: str) -> bool:
        """Whether what the script has done before makes it harmless."""
        if rule.code == "constraint-drops":
            dropped = _DROPS.match(action)
            return dropped is not None and (table, _named(dropped["name"])) in self.constraints
        return rule.code == "not-null-scans" and action.startswith("ALTER") and table in self.checked

    def _hurt(self, rule: Rule, statement: Statement, table: str | None, *, locks: bool = True) -> Iterator[Hazard]:
        if rule.spares_new and self._is_new(table):
            return
        yield Hazard(rule, statement, table)
        if locks and table and rule.lock in {Lock.ACCESS_EXCLUSIVE, Lock.SHARE_ROW_EXCLUSIVE, Lock.SHARE}:
            yield from self._lock(statement, table)

    def _lock(self, statement: Statement, table: str) -> Iterator[Hazard]:
        if self._is_new(table) or table in self.locked:
            return
        if not self.has_timeout:
            yield Hazard(WAITS, statement, table)
        if self.in_transaction:
            if self.locked:
                yield Hazard(TWO_TABLES, statement, table)
            self.locked.add(table)

    def _is_new(self, table: str | None) -> bool:
        return table is not None and (table in self.new or table.startswith("pg_temp."))

    def _made(self, said: str) -> None:
        if (made := _NEW.match(said)) and "IF NOT EXISTS" not in said:
            self.new.add(_named(made["table"]))
        elif indexed := _NEW_INDEX.match(said):
            self.indexes[_named(indexed["index"])] = _named(indexed["table"])
        elif steady := _STEADY_FUNCTION.match(said):
            self.functions.add(steady["function"])
        if made := _NEW_OBJECT.match(said):
            self.objects.add((made["kind"], _named(made["name"])))


def is_concurrent(statement: Statement) -> bool:
    """Whether PostgreSQL does it beside those who use the table: nobody waits behind it, however long it waits."""
    return _CONCURRENT.match(str(statement)) is not None


def _named(words: str) -> str:
    return named(tokens(words))


def _asked(statement: Statement) -> Sequence[str]:
    """The words by which it asks for rows, and so may call what nobody sees."""
    words = statement.words
    if words[0] in _ASKS:
        return words
    makes_of_rows = _MADE_OF.match(str(statement)) and "SELECT" in words
    return words[words.index("SELECT") :] if makes_of_rows else ()


def _is_short(setting: str) -> bool:
    found = _WAIT.search(setting)
    if found is None:
        return False
    wait = int(found[1]) * _MILLISECONDS.get((found[2] or "ms").lower(), 60_000)
    return 0 < wait <= _LONGEST_WAIT
