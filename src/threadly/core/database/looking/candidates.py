"""Which indexes might have helped a statement, by its plan: columns that are compared, and those it is sorted by."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

MOST_PER_SCAN: Final = 8
_CONDITIONS: Final = ("Filter", "Index Cond", "Recheck Cond", "Hash Cond", "Merge Cond", "Join Filter")
_SCANS: Final = {"Seq Scan", "Index Scan", "Bitmap Heap Scan", "Index Only Scan"}
_WIDEST: Final = 3
_BARE: Final = r"(?<!\w)(?<!\w\()(?<!\w\(\()"
"""What stands before a column that no function is called with."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An index that is not there."""

    table: str
    columns: Sequence[str]
    """As CREATE INDEX has them: quoted, with their direction."""
    where: str = ""

    @property
    def name(self) -> str:
        """What it would be called."""
        plain = "_".join(re.sub(r"\W+", "_", column.removesuffix(" DESC").strip('"')) for column in self.columns)
        return f"ix_{self.table.strip(chr(34))}_{plain}"[:63]

    def sql(self, name: str, *, concurrently: bool = False) -> str:
        """The statement that makes it."""
        where = f" WHERE {self.where}" if self.where else ""
        how = "CONCURRENTLY " if concurrently else ""
        return f"CREATE INDEX {how}{name} ON {self.table} ({', '.join(self.columns)}){where}"


@dataclass(slots=True)
class _Looked:
    """A table that a plan looks into, and what it looks for."""

    table: str
    equal: list[str] = field(default_factory=list)
    between: list[str] = field(default_factory=list)
    constant: dict[str, str] = field(default_factory=dict)
    sorted_by: list[str] = field(default_factory=list)


def candidates(plan: Mapping[str, Any], *, schema: str, distinct: Mapping[tuple[str, str], float]) -> list[Candidate]:
    """Those worth a trial.

    Args:
        plan: EXPLAIN's, VERBOSE, as JSON has it.
        schema: Of the tables that count.
        distinct: How many values a column has, by table and column; who is not in there is no column.
    """
    found: dict[Candidate, None] = {}
    for looked in _looked(plan, schema, distinct, [], []):
        for candidate in list(_of(looked, distinct))[:MOST_PER_SCAN]:
            found.setdefault(candidate)
    return list(found)


def _looked(
    node: Mapping[str, Any],
    schema: str,
    distinct: Mapping[tuple[str, str], float],
    above: list[str],
    sorts: list[str],
) -> Iterator[_Looked]:
    conditions = [str(node[name]) for name in _CONDITIONS if name in node]
    if node["Node Type"] in _SCANS and str(node.get("Schema", "")).startswith(schema):
        looked = _Looked(str(node["Relation Name"]))
        _read(looked, str(node["Alias"]), " AND ".join([*conditions, *above]), distinct)
        looked.sorted_by = _sorted_by(str(node["Alias"]), sorts, looked.table, distinct)
        yield looked
    if "Sort Key" in node:
        sorts = [str(key) for key in node["Sort Key"]]
    for child in node.get("Plans", ()):
        yield from _looked(child, schema, distinct, [*above, *conditions], sorts)


def _read(looked: _Looked, alias: str, conditions: str, distinct: Mapping[tuple[str, str], float]) -> None:
    column = rf'{_BARE}{re.escape(alias)}\.("?\w+"?)\)?(?:::[a-z_ ]+)?'
    for name, value in re.findall(rf"{column} = ('[^']*'::[\w.\"]+|\d+|true|false)\b", conditions):
        looked.constant.setdefault(name, f"{name} = {value}")
    for name, value in re.findall(rf"{column} (IS (?:NOT )?NULL)", conditions):
        looked.constant.setdefault(name, f"{name} {value}")
    for place, pattern in (
        (looked.equal, rf"{column} = "),
        (looked.equal, rf" = {column}"),
        (looked.between, rf"{column} (?:<|>|<=|>=) "),
        (looked.between, rf" (?:<|>|<=|>=) {column}"),
    ):
        for name in re.findall(pattern, conditions):
            if (looked.table, name) in distinct and name not in looked.equal and name not in place:
                place.append(name)
    looked.constant = {name: of for name, of in looked.constant.items() if (looked.table, name) in distinct}
    looked.between = [name for name in looked.between if name not in looked.equal]


def _sorted_by(alias: str, sorts: Sequence[str], table: str, distinct: Mapping[tuple[str, str], float]) -> list[str]:
    keys = [key.removeprefix(f"{alias}.") for key in sorts]
    own = all((table, key.removesuffix(" DESC")) in distinct for key in keys)
    return keys if own and len(keys) <= _WIDEST else []


def _of(looked: _Looked, distinct: Mapping[tuple[str, str], float]) -> Iterator[Candidate]:
    equal = sorted(looked.equal, key=lambda name: -distinct[looked.table, name])[:_WIDEST]
    wanted = [name for name in equal if name not in looked.constant]
    where = " AND ".join(looked.constant.values())
    after = [looked.between[:1], [key for key in looked.sorted_by if key.removesuffix(" DESC") not in equal]]
    for more in after:
        if where and wanted + more:
            yield Candidate(looked.table, tuple(wanted + more), where)
        if equal + more:
            yield Candidate(looked.table, tuple(equal + more))
    for name in equal:
        yield Candidate(looked.table, (name,))
    for name in looked.between:
        yield Candidate(looked.table, (name,))
