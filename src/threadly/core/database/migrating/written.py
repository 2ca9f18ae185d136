"""What a revision would send, as Alembic writes it without a database; and where its Python asks for one.

A revision that decides by what it finds may do something else than what is written. `asks` are the lines by which it
could, each a statement of the word PYTHON.

Not guaranteed: what other modules do that a revision calls.
"""

import ast
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alembic import command
from alembic.script import Script
from alembic.util import CommandError

from threadly.core.database.hazards import Statement
from threadly.core.database.migrating.revisions import Migrations

_NAMES: Final = {"get_bind", "is_offline_mode", "as_sql", "run_async"}
_ATTRIBUTES: Final = _NAMES | {"bind", "connection"}
_WORDS: Final = ("PYTHON",)


@dataclass(frozen=True, slots=True)
class Written:
    """One revision, one way."""

    sql: str
    asks: Sequence[Statement]
    """Where it may do something else."""


def written(script: Script, migrations: Migrations, *, is_up: bool) -> Written:
    """What Alembic would send, one statement after another, as far as it comes without a database."""
    to = io.StringIO()
    config = migrations.config()
    config.output_buffer = to
    before = script.down_revision or "base"
    asks = list(_asks(Path(script.path).read_text(encoding="utf-8"), besides="downgrade" if is_up else "upgrade"))
    try:
        if is_up:
            command.upgrade(config, f"{before}:{script.revision}", sql=True)
        else:
            command.downgrade(config, f"{script.revision}:{before}", sql=True)
    except CommandError:
        raise
    except Exception as stopped:  # noqa: BLE001  a revision's own code; that it stops here is what is told
        asks = asks or [Statement(f"{type(stopped).__name__}: {stopped}", 1, _WORDS)]
    return Written(to.getvalue(), asks)


def _asks(source: str, *, besides: str) -> Iterator[Statement]:
    lines, seen = source.splitlines(), set[int]()
    for top in ast.parse(source).body:
        if isinstance(top, ast.FunctionDef) and top.name == besides:
            continue
        for node in ast.walk(top):
            asks = (
                (isinstance(node, ast.Attribute) and node.attr in _ATTRIBUTES)
                or (isinstance(node, ast.Name) and node.id in _NAMES)
                or (isinstance(node, ast.Constant) and node.value in _NAMES)
            )
            if asks and (line := getattr(node, "lineno", 0)) not in seen:
                seen.add(line)
                yield Statement(lines[line - 1].strip(), line, _WORDS)
